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

## 답에 덧붙이는 말

note-partial = 사진 일부가 깨져 있어서 보이는 데까지만 봤어요.
note-objects = 사물을 알아보는 부분이 잠시 쉬고 있어요.
note-faces = 얼굴을 찾는 부분이 잠시 쉬고 있어요.
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
