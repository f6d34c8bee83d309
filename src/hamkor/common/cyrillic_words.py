# SPDX-License-Identifier: Apache-2.0
"""Words whose Cyrillic spelling cannot be told from their Latin one.

``STEMS`` hold for every word that begins with them, the longest first. A soft sign at the end of a stem
disappears when a suffix follows: сентябрь, сентябрдан; автомобиль, автомобиллар. ``WORDS`` hold for the
whole word only; so a word that a stem would catch by mistake keeps its own spelling.
"""

from __future__ import annotations


def _pairs(text: str) -> dict[str, str]:
    words = text.split()
    return dict(zip(words[::2], words[1::2], strict=True))


WORDS = _pairs("""
sirka сирка  sirkali сиркали  sirkasi сиркаси  sirkasiz сиркасиз  uefa уефа  nyu нью  gel гель  mer мэр
merga мэрга  merni мэрни  merning мэрнинг  meri мэри  merlik мэрлик
""")

_SOFT_SIGN_AT_THE_END = _pairs("""
yanvar январь  fevral февраль  aprel апрель  iyun июнь  iyul июль  sentabr сентябрь  sentyabr сентябрь
oktabr октябрь  oktyabr октябрь  noyabr ноябрь  dekabr декабрь  aerozol аэрозоль  alkogol алкоголь
ansambl ансамбль  artel артель  avtomobil автомобиль  detal деталь  diagonal диагональ  dizel дизель
duel дуэль  dvigatel двигатель  elektromobil электромобиль  festival фестиваль  fonar фонарь
gantel гантель  gastrol гастроль  gospital госпиталь  kabel кабель  kafel кафель  kalendar календарь
karusel карусель  kartel картель  kinofestival кинофестиваль  konsol консоль  kontrol контроль
kreml кремль  lager лагерь  magistral магистраль  mebel мебель  medal медаль  model модель  motel мотель
neft нефть  nikel никель  nol ноль  otel отель  panel панель  parol пароль  patrul патруль  pedal педаль
portfel портфель  povest повесть  profil профиль  rol роль  rubl рубль  rul руль  sekretar секретарь
shampun шампунь  shinel шинель  shtepsel штепсель  sirkul циркуль  slesar слесарь  spektakl спектакль
spiral спираль  sterjen стержень  stil стиль  tekstil текстиль  tonnel тоннель  tunnel туннель
vedomost ведомость  ventil вентиль  vermishel вермишель  vestibyul вестибюль  yakor якорь
""")

_SOFT_SIGN_INSIDE = _pairs("""
albom альбом  alfa альфа  alfavit алфавит  alpin альпин  alternativ альтернатив  alyans альянс
asfalt асфальт  batalyon батальон  belgiya бельгия  bilyard бильярд  bulldozer бульдозер
buldozer бульдозер  bulvar бульвар  bulyon бульон  dalton дальтон  delfin дельфин  delta дельта
eskadrilya эскадрилья  fakultativ факультатив  fakultet факультет  feldmarshal фельдмаршал
feldsher фельдшер  film фильм  filʼm фильм  filtr фильтр  folga фольга  fortepyano фортепьяно
gelmint гельминт  gilza гильза  impuls импульс  insult инсульт  intervyu интервью  kalkul калькул
kinofilm кинофильм  kompyuter компьютер  konsult консульт  kulmin кульмин  kultiv культив  kultur культур
medalyon медальон  mult мульт  multfilm мультфильм  palto пальто  pavilyon павильон  polsha польша
puls пульс  pult пульт  rels рельс  rezultat результат  salto сальто  skulptur скульптур  sulfat сульфат
telfer тельфер  ultimatum ультиматум  ultra ультра  vals вальс  volfram вольфрам  volt вольт
vulgar вульгар  yuriskonsult юрисконсульт
""")

_HARD_SIGN = _pairs("""
adyutant адъютант  feldyeger фельдъегерь  inyeksiya инъекция  konyunktur конъюнктур  obyekt объект
podyezd подъезд  razyezd разъезд  subyekt субъект  syezd съезд  syomka съёмка  moʻjiza мўъжиза
moʻmin мўъмин  moʻtabar мўътабар  moʻtadil мўътадил  noʻmon нўъмон
""")

_TSE = _pairs("""
abzats абзац  akseler акцелер  aksent акцент  aksept акцепт  aksiz акциз  avtosisterna автоцистерна
batsill бацилл  distsiplin дисциплин  dotsent доцент  farmatsevt фармацевт  fransuz француз
glitserin глицерин  inersi инерци  insident инцидент  intsident инцидент  kalsiy кальций  kaltsiy кальций
kanselyar канцеляр  kansler канцлер  kantselyar канцеляр  kommersiya коммерция  konsentr концентр
konsept концепт  konsern концерн  konsert концерт  konsessiya концессия  konsorsium консорциум
kontse конце  kvarts кварц  lisenz лиценз  litsenz лиценз  litsey лицей  lotsman лоцман  matritsa матрица
meditsina медицина  motosikl мотоцикл  mototsikl мотоцикл  munitsip муницип  ofitser офицер
penitensiar пенитенциар  pinset пинцет  pintset пинцет  pitsa пицца  plats плац  porsiya порция
prins принц  prints принц  proporsiya пропорция  protsed процед  protsent процент  protsess процесс
retsen рецен  retsept рецепт  retsess рецесс  retsidiv рецидив  sellofan целлофан  sellyuloz целлюлоз
sement цемент  senzor цензор  senzura цензура  sentner центнер  sentr центр  sex цех  shpits шпиц
shprits шприц  sianid цианид  sifr цифр  sikl цикл  silindr цилиндр  sink цинк  sirk цирк
sisterna цистерна  sitata цитата  sitrus цитрус  sotsiom социом  sotsium социум  spets спец  ssenar сценар
stsen сцен  sunami цунами  vaksin вакцин  vaktsin вакцин  velosiped велосипед  vitse вице
ekspansiya экспансия  epilepsiya эпилепсия  korrupsiya коррупция  pensiya пенсия  pension пенсион
refleksiya рефлексия
""")

_OTHER_LETTERS = _pairs("""
mayonez майонез  mayor майор  meriya мэрия  rayon район  sanepid санэпид  yogurt йогурт  york йорк
ashob асҳоб  ishoq исҳоқ  mushaf мусҳаф  tashih тасҳиҳ
""")

STEMS = (
    _SOFT_SIGN_AT_THE_END | _SOFT_SIGN_INSIDE | _HARD_SIGN | _TSE | _OTHER_LETTERS
)  # a stem stands in one table only
