# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The text of the canary's page: Greek as theses have it, with accents, capitals and numbers, and an English summary.

``demo/canary.py`` draws it into ``documents.py``: change the two together.
"""

from __future__ import annotations

# As they stand on the page. No word is broken, and no two columns are beside each other: there is one order to read it.
LINES = (
    "ΠΕΡΙ ΤΗΣ ΑΝΑΓΝΩΣΗΣ ΤΩΝ ΣΕΛΙΔΩΝ",
    "",
    "Η σελίδα αυτή γράφτηκε για να ελεγχθεί αν ένας κόμβος διαβάζει ελληνικά.",
    "Όποιος τη διαβάζει σωστά βρίσκει κάθε λέξη με τους τόνους της, και κανένα",
    "ξένο γράμμα ανάμεσα στα δικά μας: το ωμέγα δεν είναι διπλό βε, ούτε το νι",
    "είναι βε με ουρά. Τα εργαστήρια του πανεπιστημίου μέτρησαν τη θερμοκρασία",
    "του νερού σε δεκαεπτά πηγές της Ηπείρου, από τον Μάρτιο του 1987 έως τον",
    "Οκτώβριο του 1993, και βρήκαν ότι οι τιμές αλλάζουν με το ύψος της βροχής.",
    "",
    "Στο δεύτερο κεφάλαιο περιγράφονται τα όργανα, η βαθμονόμησή τους και ο",
    "τρόπος με τον οποίο υπολογίστηκαν τα σφάλματα. Η ψηφιοποίηση των παλαιών",
    "εντύπων έγινε στη βιβλιοθήκη της σχολής, όπου φυλάσσονται χειρόγραφα,",
    "χάρτες και φωτογραφίες του προηγούμενου αιώνα. Ευχαριστούμε όσους μας",
    "βοήθησαν να ξαναβρούμε τις σελίδες που έλειπαν.",
    "",
    "Summary. This page was written to find out whether a machine can read Greek",
    "and English on the same sheet. Nothing on it is quoted from anywhere, so that",
    "whoever compares what was read with what was printed has the whole truth.",
)
TEXT = "\n".join(LINES)
