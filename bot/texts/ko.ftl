# 사람에게 하는 모든 말. 해요체로, 무슨 일인지 · 무엇이 되는지 · 어떻게 하면 되는지를 말한다.

## 사진을 읽지 못했을 때

error-bad-photo = 이 사진은 열 수 없었어요. 다른 형식(JPEG나 PNG)으로 저장해서 다시 보내 주세요.
error-not-a-picture = 사진 파일이 아닌 것 같아요. JPEG, PNG, WEBP, GIF, AVIF, HEIC, BMP 사진을 보내 주세요.
error-undecodable = 파일이 많이 깨져 있어서 사진을 꺼내지 못했어요. 원본을 다시 보내 주시겠어요?
error-too-many-bytes = 파일이 { $found }MB나 돼요. { $megabytes }MB까지 볼 수 있으니 조금 줄여서 다시 보내 주세요.
error-too-many-pixels = 사진이 너무 커요. { $megapixels }메가픽셀, 한 변 { $side }픽셀까지 볼 수 있으니 줄여서 다시 보내 주세요.
error-too-thin = 사진이 너무 가늘어서 볼 수가 없어요. 가로세로 모두 { $pixels }픽셀은 되어야 해요.
error-decode-timeout = 사진을 여는 데 { $seconds }초가 넘게 걸려서 멈췄어요. JPEG나 PNG로 저장해서 다시 보내 주세요.
error-decode-memory = 사진을 여는 데 메모리가 너무 많이 들어서 멈췄어요. 크기를 줄여서 다시 보내 주세요.
error-decode-crash = 사진을 여는 중에 문제가 생겼어요. JPEG나 PNG로 저장해서 다시 보내 주세요.

## 일이 밀리거나 멈췄을 때

error-busy = 지금 사진이 많이 밀려 있어요. 앞에 { $place }장이 있으니 잠시 뒤에 다시 보내 주세요.
error-late = 너무 오래 걸려서 이번에는 답을 못 했어요. 잠시 뒤에 다시 보내 주세요.
error-stopped = 지금 막 문을 닫는 중이에요. 다시 켜지면 보내 주세요.
error-model-failed = 사진을 보는 부분에 문제가 생겼어요. 잠시 뒤에 다시 보내 주세요.
error-internal = 저에게 문제가 생겨서 답을 못 했어요(접수 번호 { $ticket }). 잠시 뒤에 다시 보내 주세요.
error-weights-missing = 모델 파일({ $name })이 아직 없어요. 터미널에서 `chalkak models fetch`를 먼저 실행해 주세요.
error-weights-corrupt = 모델 파일({ $name })이 등록된 것과 달라요. 터미널에서 `chalkak models fetch { $name }` 명령을 실행해 주세요.
error-no-room = { $path }에 쓸 수 없었어요({ $reason }). 자리와 권한을 확인하거나 다른 폴더를 골라 주세요.
error-no-file = 그런 파일이 없어요. 경로를 확인해 주세요.
error-no-photos = 이 폴더에는 읽을 수 있는 사진이 없어요.
error-no-reading = 파일을 읽을 수 없었어요({ $reason }). 권한을 확인해 주세요.

## 기억하지 못할 때

error-quarantined = 이 사진을 볼 때마다 제가 넘어져서 따로 치워 뒀어요. JPEG로 다시 저장해서 올려 주시면 한 번 더 볼게요.
error-storage = 지금은 사진을 보관하지 못해요. 잠시 뒤에 다시 보내 주세요.
error-disk-full = 디스크가 거의 차서 새 사진을 받지 못해요({ $folder }). 자리를 비우면 바로 다시 받을게요. 지우기는 지금도 돼요.
error-database-damaged = 사진을 모아 둔 파일({ $path })이 깨졌어요. 찰칵을 끄고 터미널에서 `chalkak restore`를 실행하면 가장 최근 백업으로 돌아가요. 깨진 파일은 버리지 않고 백업 폴더에 둘게요.
error-newer-schema = 이 데이터는 더 새로운 찰칵이 만든 거예요({ $found }, 이 프로그램은 { $known }까지). 찰칵을 새 버전으로 올려 주세요. 데이터는 그대로 있어요.
error-folder-unusable = 데이터 폴더({ $folder })를 쓸 수 없어요({ $reason }). 권한을 고치거나 CHALKAK_DATA로 다른 폴더를 골라 주세요.
error-folder-foreign = 이 폴더({ $folder })에는 찰칵이 만들지 않은 파일이 있어요. 빈 폴더나 새 이름을 --data나 CHALKAK_DATA로 골라 주세요.
error-folder-taken = 다른 찰칵(프로세스 { $pid })이 이 폴더({ $folder })를 쓰고 있어요. 그쪽을 먼저 끄거나 CHALKAK_DATA로 다른 폴더를 골라 주세요.
error-no-backup = 백업 파일이 없어요: { $path }. `chalkak restore --list`로 있는 백업을 볼 수 있고, `chalkak backup`으로 새로 만들 수 있어요.
error-bad-backup = 이 백업({ $path })은 온전하지 않아요({ $reason }). `chalkak restore --list`로 다른 백업을 골라 주세요.

error-port-taken = { $port }번 포트는 다른 프로그램이 쓰고 있어요. 그 프로그램을 끄거나 WEB_PORT로 다른 번호를 골라 주세요.

## 웹 채팅에 잘못 왔을 때

error-bad-request = 요청이 잘못됐어요({ $found }). { $allowed }
error-bad-upload = 사진이 들어 있지 않아요. 사진 한 장을 `photo` 칸에 담아 보내 주세요.
error-long-text = 글이 { $found }자예요. { $most }자까지 쓸 수 있으니 조금 줄여 주세요.
error-bad-name = 이름은 1자부터 { $most }자까지 쓸 수 있어요.
error-bad-chat = 채팅방 이름에는 글자, 숫자, - 와 _ 를 { $most }자까지 쓸 수 있어요.
error-empty-query = 무엇을 찾을까요? 예를 들면 “자전거”처럼 적어 주세요.
error-no-photo = 그 사진은 여기 없어요. 이미 지워졌을 수도 있어요.
error-not-yours = 다른 분이 올린 사진이라 지울 수 없어요.
error-locked = 이 페이지를 열 열쇠가 없어요. `chalkak run`이 알려 준 주소로 다시 들어와 주세요.
error-foreign = 다른 곳에서 온 요청이라 받지 않았어요.

## 찾기와 지우기

find-none = “{ $query }”에 맞는 사진은 못 찾았어요. 다른 말로 찾아볼까요?
find-maybe = 혹시 이런 사진인가요?
receipt = 사진 { $photos }장과 답 { $answers }개를 지웠어요. 이제 검색되지 않고, 1분 안에 디스크에서도 사라져요.
receipt-nothing = 지울 사진이 없었어요.
notice-disk = 디스크가 거의 차서 새 사진을 잠시 받지 않아요. 지우기와 찾기는 돼요.
notice-disk-over = 자리가 생겨서 다시 사진을 받아요.

## 답에 덧붙이는 말

note-partial = 사진 일부가 깨져 있어서 보이는 데까지만 봤어요.
note-objects = 사물을 알아보는 부분이 잠시 쉬고 있어요.
note-faces = 얼굴을 찾는 부분이 잠시 쉬고 있어요.
note-expression = 표정을 읽는 부분이 잠시 쉬고 있어요.
note-unsafe = 안전을 살피는 부분이 잠시 쉬고 있어요.
note-measure = 색과 빛을 재는 부분이 잠시 쉬고 있어요.
note-annotated = 표시한 사진을 저장하지 못했어요. 자리와 권한을 확인하거나 다른 폴더를 골라 주세요.
note-comment = 이번에는 할 말을 고르지 못했어요.
notice-unsafe = 민감한 사진일 수 있어서 댓글을 달지 않았어요.

## 터미널

try-things = 찾은 것
try-nothing = 알아본 것이 없어요
try-faces = 얼굴 { $count }개
try-alt = 대체 텍스트
try-marked = 표시한 사진
run-ready = 찰칵이 켜졌어요. 브라우저에서 열어 주세요: { $address }
run-web-only = 디스코드와 텔레그램 토큰이 없어서 이 컴퓨터의 웹 채팅만 켰어요. 토큰은 .env의 DISCORD_TOKEN과 TELEGRAM_TOKEN에 넣어 주세요.
run-platforms = 함께 켜는 곳: { $names }. 잘 연결됐는지는 `chalkak doctor`로 볼 수 있어요.
run-stopping = 하던 일만 마치고 끌게요…
run-stopped = 꺼졌어요. 받은 사진은 모두 그대로 있어요.
post-author = 나
post-gone = 찰칵이 도중에 꺼졌어요. 이미 받은 사진은 다시 켜지면 답할게요.
find-alike = 비슷한 말
backup-made = 백업했어요: { $path } ({ $megabytes }MB)
restore-none = 아직 백업이 없어요: { $path }
restore-verified = 백업이 온전해요: { $path } (사진 { $photos }장)
restore-done = 백업으로 되돌렸어요: { $path } (사진 { $photos }장, 그 뒤에 지운 사진은 뺐어요)
restore-replaced = 쓰던 파일은 여기 남겨 뒀어요: { $path }
export-done = 사진 { $photos }장을 { $path }에 내보냈어요.
state-received = 받는 중
state-ready = 기다리는 중
state-analysed = 답하는 중
state-answered = 답한 사진
state-refused = 못 읽은 사진
state-quarantined = 치워 둔 사진
stats-photos = 사진: { $states }
stats-room = 그림 { $used }MB · 남은 자리 { $free }MB

## 웹 채팅

web-title = 찰칵
web-tagline = 사진에 답해 주는 친구
web-me = 나
web-bot = 찰칵
web-conversation = 사진과 답
web-welcome = 안녕하세요, 찰칵이에요!
web-welcome-lead = 사진을 올려 주시면 한마디와 함께, 무엇이 보이는지 표시해서 돌려드릴게요.
web-welcome-drop = 사진을 여기로 끌어다 놓거나 붙여 넣어도 돼요. 여러 장도 좋아요.
web-welcome-find = 지난 사진은 “/찾기 자전거”처럼 찾아 드려요.
web-welcome-private = 사진은 찰칵이 켜져 있는 컴퓨터 밖으로 나가지 않아요.
web-pick = 사진 고르기
web-drop = 여기에 놓으면 바로 볼게요
web-composer = 사진에 곁들일 글
web-placeholder = 한마디 쓰고 사진을 올려 보세요
web-send = 보내기
web-need-photo = 여기는 사진 이야기를 나누는 곳이라 사진이 필요해요. 쓰신 글은 그대로 뒀으니 사진을 고르면 함께 보낼게요.
web-help = 사진을 올리면 제가 답해요. “/찾기 자전거”로 지난 사진을 찾고, “/도움”으로 이 안내를 다시 볼 수 있어요.
web-unknown-command = 그 명령은 아직 몰라요. “/찾기 자전거”와 “/도움”은 알아요.

web-queued = 보낼 차례를 기다려요
web-sending = 보내고 있어요
web-progress = 사진 보내는 중
web-pausing = 지금은 보낼 수 없어서 기다려요. 곧 다시 보낼게요.
web-waiting = 기다리는 중 · 앞에 { $count }장
web-waiting-next = 바로 다음이에요
web-looking = 들여다보는 중
web-refused = 보내지 못했어요. 다시 한번 해 볼까요?
web-unreadable = 이 파일은 열 수가 없었어요. 폴더이거나, 고른 뒤에 바뀐 것 같아요.
web-too-large = 파일이 { $megabytes }MB보다 커요. 조금 줄여서 다시 올려 주세요.
web-retry = 다시 보내기
web-dismiss = 치우기
web-no-preview = 미리 볼 수 없는 사진이에요
web-hidden = 가려 둔 사진이에요
web-photo-by = { $author } 님이 올린 사진
web-enlarge = 크게 보기
web-new-answers = 새 답 { $count }개
web-to-newest = 맨 아래로

web-compare = 원본과 비교
web-shows-marked = 표시한 사진
web-shows-original = 원본 사진
web-seen = 알아본 것
web-face = 얼굴
web-why = 왜?
web-why-partial = 왜? (일부는 쉬는 중)
web-seconds = { $seconds }초
web-total = 걸린 시간
web-models = 본 모델
web-stage-decode = 사진 열기
web-stage-measure = 색과 빛 재기
web-stage-objects = 사물 찾기
web-stage-faces = 얼굴 찾기
web-stage-expression = 표정 읽기
web-stage-unsafe = 안전 살피기
web-stage-write = 말 고르기
web-stage-draw = 표시하기

web-search = 사진 찾기
web-search-label = 찾고 싶은 것
web-search-placeholder = 자전거, 강아지, 산책…
web-search-go = 찾기
web-searching = 찾고 있어요
web-found = { $count }장 찾았어요
web-found-none = 맞는 사진을 찾지 못했어요. 다른 말로 찾아볼까요?
web-search-empty = 무엇을 찾을지 적어 주세요.
web-close = 닫기

web-delete = 이 사진 지우기
web-delete-question = 이 사진과 답을 지울까요? 되돌릴 수 없어요.
web-delete-all = 내 사진 모두 지우기
web-delete-all-question = { $author } 님이 여기에 올린 사진과 답을 모두 지울까요? 되돌릴 수 없어요.
web-delete-yes = 지울게요
web-delete-no = 그만둘래요

web-settings = 설정
web-name = 이름
web-language = 언어
web-theme = 화면
web-theme-auto = 자동
web-theme-light = 밝게
web-theme-dark = 어둡게

web-away = 연결을 다시 잇는 중
web-failed = 지금은 연결이 안 돼요. 잠시 뒤에 다시 해 주세요.
web-locked = 이 주소로는 들어올 수 없어요. 터미널에 나온 주소를 다시 열어 주세요.
web-older = 지난 사진을 가져오는 중

## 채팅방에서

album-answer =
    { $comment }

    📷 { $count }{ $missing ->
        [0] 장 모두
       *[other] 장은
    } 잘 봤어요.
album-things =
    { $comment }

    📷 { $count }{ $missing ->
        [0] 장 모두
       *[other] 장은
    } 잘 봤어요. { $things }에 있어요.
album-thing = { JOSA($name, "은/는") } { $count }장
refused-in-album = { $count }장은 열지 못했어요.
unsafe-in-album = 민감할 수 있는 { $count }장은 빼고 봤어요.
note-first-frame = 움직이는 사진은 첫 장면만 봤어요.
alt-unknown = 사진
notice-person-quota = 잠깐만요, 한 분의 사진은 1분에 { $most }장까지 볼 수 있어요. 나머지는 조금 뒤에 다시 올려 주세요.
notice-chat-quota = 이 방에 사진이 한꺼번에 많이 올라왔어요. 1분에 { $most }장까지 볼 수 있으니 조금 뒤에 다시 올려 주세요.
notice-waiting = 지금 앞에 사진이 { $place }장 밀려 있어요. { $minutes ->
    [one] 1분쯤
   *[other] { $minutes }분쯤
} 뒤에 다시 올려 주시면 그때 볼게요.
platform-connecting = 연결하고 있어요
platform-online = 연결됐어요
platform-offline = 연결이 끊겨서 다시 걸고 있어요
platform-bad-token = 토큰이 맞지 않아요. .env의 토큰을 새로 받은 것으로 바꿔 주세요
platform-conflict = 같은 토큰을 쓰는 다른 프로그램이 있어요. 그쪽을 꺼 주세요
platform-no-intents = 메시지 내용 권한이 꺼져 있어서 부를 때만 답해요. 개발자 포털의 Bot 페이지에서 Message Content Intent를 켜 주세요

## 텔레그램

telegram-mode-auto = 지금은 올라오는 사진마다 답하고 있어요.
telegram-mode-mention = 지금은 부를 때만 답해요. 사진에 @{ $us }라고 적어 올리거나, 사진에 답장으로 @{ $us }를 불러 주세요.
telegram-mode-off = 지금은 이 방에서 쉬고 있어요.
telegram-kept = 제가 답한 사진은 { $days }일 동안 제가 켜져 있는 컴퓨터에만 보관하고, 그 뒤에는 지워요.
telegram-leave = 더 이상 필요 없으면 저를 내보내시면 돼요.
telegram-leave-private = 더 이상 필요 없으면 이 대화를 지우고 저를 차단하시면 돼요.
telegram-privacy = 그런데 지금은 프라이버시 모드가 켜져 있어서, 저를 부르지 않은 사진은 보이지 않아요. 자동으로 답하게 하려면 저를 이 방의 관리자로 올려 주세요. 또는 저를 만든 분이 @BotFather에서 /setprivacy를 Disable로 바꾼 다음, 저를 내보냈다가 다시 불러 주세요.
telegram-now-auto = 이제 여기 올라오는 사진마다 답할게요!
telegram-now-mention = 이제 부를 때만 답할게요.
telegram-administrators-only = 이 버튼은 방의 관리자만 누를 수 있어요. 관리자에게 부탁해 주세요.
telegram-try-again = 텔레그램이 잠깐 대답을 안 하네요. 다시 한번 눌러 주세요.
telegram-placeholder = 보고 있어요… { $seconds }초쯤 걸릴 것 같아요.
telegram-taken-back = 지워진 사진이에요.

## 디스코드

welcome-hello = 안녕하세요, 찰칵이에요! 📷 사진을 올려 주시면 한마디와 함께, 무엇이 보이는지 표시해서 돌려드려요. 얼굴은 “웃는 얼굴”처럼 보이는 그대로만 말하고, 누구인지는 알아보지 않아요.
welcome-is-auto = 이 채널에서는 올라오는 사진마다 답하고 있어요.
welcome-is-mention = 지금은 부를 때만 답해요. 사진을 올리면서 저를 멘션하거나, 사진에 답장으로 저를 불러 주세요.
welcome-is-off = 지금은 이 채널에서 쉬고 있어요.
welcome-now-auto = 이제 이 채널에 올라오는 사진마다 답할게요!
welcome-now-mention = 이제 부를 때만 답할게요. 사진을 올리면서 저를 멘션하거나, 사진에 답장으로 저를 불러 주세요.
welcome-kept = 제가 답한 사진은 { $days }일 동안 제가 켜져 있는 컴퓨터에만 보관하고, 그 뒤에는 지워요. 메시지를 지우시면 사진과 제 답도 바로 지워요.
welcome-change = 아래 버튼은 채널을 관리하는 분이 누를 수 있어요. 더 이상 필요 없으면 저를 서버에서 내보내시면 돼요.
welcome-button-auto = 여기서 자동으로 답하기
welcome-button-mention = 부를 때만 답하기
welcome-not-allowed = 이 버튼은 채널을 관리하는 분만 누를 수 있어요. 운영진에게 부탁해 주세요.
notice-caught-up = 쉬는 동안 올라온 사진 { $count }장도 찾을 수 있게 담아 뒀어요.
notice-moving-sticker = 이 스티커는 움직이는 그림이라 제가 아직 볼 수 없어요. 사진이나 그림 파일은 볼 수 있어요.
notice-no-photo = 이 파일은 제가 볼 수 있는 사진이 아니에요. JPEG, PNG, WEBP, GIF, AVIF, HEIC, BMP 사진을 보여 주세요.
