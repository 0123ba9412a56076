"""What a comment pattern may say, as words: forbidden ones, doubt, cheer, and what states a tag."""

from __future__ import annotations

import re

from models.records import Language
from tests.models.possible_tags import COLORS

FORBIDDEN: dict[Language, re.Pattern[str]] = {
    "ko": re.compile(
        r"(?<!눈)사람|가족|(?<!주)연인|커플|부부|애인|남친|여친|친구분|아이(?!스|디어|콘|템)|아기|어린이|꼬마"
        r"|소년|소녀|남자|여자|남성|여성|아저씨|아줌마|아가씨|할머니|할아버지|엄마|아빠|노인|청년"
        r"|의류|예쁘|예뻐|예쁜|예쁨|이쁘|이쁜|잘생|못생|미인|미남|미녀|몸매|피부|외모|키가|날씬|뚱뚱|살찐|나이|젊|늙"
        r"|얼굴이|감지|인식|포착|화면|당신|(?<![예마미기])술(?!래)|취한|다이어트|장례|죽(음|었|은|을)|병원|정치|종교"
    ),
    "en": re.compile(
        r"\b(man|men|woman|women|boys?|girls?|lad(y|ies)|gentlem[ae]n|guys?|kids?|child|children(?!'s book)"
        r"|bab(y|ies)|toddlers?|teens?|famil(y|ies)|couples?|lovers?|boyfriends?|girlfriends?|husband|wife"
        r"|wives|mom|dad|mother|father|grand(ma|pa)|elderly|beautiful|pretty (?!much)|handsome|ugly|gorgeous"
        r"|fat|skinny|chubby|slim|sexy|gender|drunk|beer|vodka|diet|dead|death|died|sick"
        r"|politic\w*|religio\w*|church)\b",
        re.IGNORECASE,
    ),
}

CHEER: dict[Language, re.Pattern[str]] = {
    "ko": re.compile(r"[!！]|[ㅋㅎ]{2}|우와|신나|축하|만세|최고|하하|깔깔|반가"),
    "en": re.compile(
        r"!|\b(ha(ha)+|lol|yay|hooray|congrat\w*|awesome|woo\w*|party|hilarious)\b", re.IGNORECASE
    ),
}
LAUGHING = re.compile("[😀-😆😉😋😎😜😝😛🤣🤪🥳🎉🎊🎈🙌👏🏆🥇🕺💃🤩😹😸😺😁🤭😏😇🎂🪩]")

DOUBT_OF_A_THING: dict[Language, re.Pattern[str]] = {
    "ko": re.compile(
        r"\{thing[^}]*\}(인지 |일까요, 아닐까요|인가 싶|인 척| 비슷| 같기도)"
        r"|\{thing[^}]*\}( 반, 물음표|\(추정\)|…\?)"
        r"|\{thing[^}]*\} (맞(나|다면|으면|는지|죠|아요)|아니(면|라면|에요))"
        r"|(?<!설마 )\{thing\}인가요|\{thing:으로/로\} 보이|\{thing:을/를\} 닮은"
        r"|아마도|긴가민가|확실하진|확실치|가물가물"
    ),
    "en": re.compile(
        r"\b(might|may|could) be \{thing|\b(maybe|probably:?|possibly|something like|look like) \{thing"
        r"|perhaps\?|best guess|not sure|is it \{thing|did I really see|I'm wrong|percent sure"
        r"|only a hunch|half lowered",
        re.IGNORECASE,
    ),
}

DOUBT_WORDS: dict[Language, re.Pattern[str]] = {
    "ko": re.compile(
        r"\?|혹시|아마|같|맞|틀리|틀려|틀렸|아니|아닌|물음표|정답|추리|추정|퀴즈|확신|연필로"
        r"|닮은|척하는|시험하고|작아져|어렴풋|느낌적인|가능성|글쎄|비슷|모르겠|모를|상상|반올림"
        r"|궁금|떨리|본인 확인|착각|찍을게요|빗나가도|조마조마|가물|인지|다수결|헷갈|인가 싶|조심스럽"
        r"|보였다 말았다|온 거라면"
    ),
    "en": re.compile(
        r"\?|question mark|\b(might|may|could|maybe|guess\w*|probably|possibly|perhaps|seem\w*|look like"
        r"|wrong|unless|pencil|bet|hunch|percent sure|squint\w*|no idea|warm-up|either|potato|courage"
        r"|fingers crossed|smells like|detector|mystery)\b",
        re.IGNORECASE,
    ),
}

# For each tag, the words one of which a sentence needs in order to say that it holds.
KO_WORDS = {
    "people:1": "한 분|혼자|독사진|한 명|1인",
    "people:2": "두 분|둘|2인|이인|한 분 더",
    "people:some": "누군가|누가|주인공|손님|반가운 (얼굴|모습|분)",
    "people:3-4": "여럿|여러 분|셋",
    "people:crowd": "여럿|여러 분|다 같이|북적",
    "people:many": "여럿|여러 분|셋|다 같이",
    "people:left": "왼쪽|왼편",
    "people:right": "오른쪽|오른편",
    "people:center": "가운데|한복판|정중앙",
    "people:close": "가까|코앞|바로 앞|성큼",
    "people:far": "멀리|멀찍|저만치|저편|작게|조그맣",
    "people:side_by_side": "나란",
    "people:spread": "왼쪽|끝에서 끝|퍼져",
    "light:dark": "어둑|어둡|어두|어둠|밝기 볼륨|빛을 딱 필요한 만큼",
    "light:bright": "환하|환한|밝|빛",
    "light:warm": "따뜻|따스|따끈|웜톤|포근",
    "light:cool": "서늘|차가|시원|쿨톤",
    "light:contrast": "그늘|명암|어두|어둠",
    "light:soft": "부드|보드|순한|순하|그늘|명암|잔잔|고르|둥글|차이가 크지",
    "light:from_left": "왼쪽",
    "light:from_right": "오른쪽",
    "light:top": "위쪽|위가|위로|위에서|윗자리|위는",
    "color:mono": "흑백|무채색|흑과 백|바둑돌 색",
    "color:vivid": "쨍|선명|생생|진한|진해|진하|채도|색들|물감",
    "color:muted": "차분|나직|순한|순하|색",
    "color:mixed": "색",
    "color:red": "빨간빛",
    "color:orange": "주황빛",
    "color:yellow": "노란빛",
    "color:green": "초록빛",
    "color:blue": "파란빛",
    "color:purple": "보랏빛",
    "color:pink": "분홍빛",
    "color:brown": "갈색빛",
    "color:black": "검은빛",
    "color:white": "하얀빛|하얗",
    "color:gray": "회색빛",
    "space:plain": "여백|빈자리|빈 데|비워|널찍",
    "space:busy": "빼곡|볼거리|볼 게|촘촘|꽉|디테일|알차|쉴 틈",
    "focus:crisp": "또렷|선명|초점|윤곽",
    "focus:soft": "번진|번져|몽글|초점|윤곽|부드|보드|둥글",
    "shape:portrait": "세로|위아래로|길쭉",
    "shape:landscape": "가로|옆으로|넓은|넓게",
    "shape:square": "네모|정사각|가로세로|가로도 세로도",
    "shape:wide": "옆으로|가로",
    "shape:tall": "길쭉|세로|위에서 아래|위아래|기다란",
}
EN_WORDS = {
    "people:1": "one person|just one|headcount: one|one whole person",
    "people:2": "two people",
    "people:some": r"\b(somebody|someone|whoever|company)\b",
    "people:any": r"\b(somebody|someone|whoever|company|everyone)\b",
    "people:many": "three or more",
    "people:left": "left",
    "people:right": "right",
    "people:center": "middle|center",
    "people:close": "close|near",
    "people:far": "far|distan|way out|way off|over there",
    "people:side_by_side": "side by side|next to each other|right next",
    "people:spread": "left",
    "light:dark": "dark|dim|low light|lights are low|light is saving",
    "light:bright": "bright|light",
    "light:warm": "warm",
    "light:cool": "cool",
    "light:contrast": "contrast|shade",
    "light:soft": "soft|gentle|low contrast",
    "light:from_left": "left",
    "light:from_right": "right",
    "light:top": "up top|upper|upstairs",
    "color:mono": "black|no color|gr[ae]y",
    "color:vivid": "color",
    "color:muted": "color|muted|tones",
    "space:plain": "space|empty|empti|room|nothing",
    "space:busy": "detail|so much to look at|busy",
    "focus:crisp": "crisp|sharp",
    "focus:soft": "soft|fuzzy|blur",
    "shape:portrait": "tall|upright",
    "shape:landscape": "wide|sideways|more width",
    "shape:square": "square|equal sides",
    "shape:wide": "wide|long",
    "shape:tall": "tall",
    **{f"color:{name}": name for name in COLORS},
}
WORDS: dict[Language, dict[str, str]] = {"ko": KO_WORDS, "en": EN_WORDS}

# A number of people in words, which nobody may say of people who were not counted.
COUNTED: dict[Language, re.Pattern[str]] = {
    "ko": re.compile(r"[한두세네] 분|다섯 분|혼자|독사진|둘이|셋이|넷이|[1-9]인용"),
    "en": re.compile(r"\b((one|single) person|(two|three|four|five|\d+) people)\b", re.IGNORECASE),
}
UNCOUNTED = frozenset({"people:any", "people:some", "people:close", "people:far"})
