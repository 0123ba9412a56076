// The page of the web chat: photos go up, answers come down a WebSocket. What people wrote only ever becomes
// textContent. An entry is one photo with its bubble; until the service knows it, its id is the key of its upload.

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => Array.from(root.querySelectorAll(selector));
const part = (name, root = document) => $(`[data-testid=${name}]`, root);
const boot = JSON.parse($("#boot").textContent);
const CHAT = `/api/chats/${encodeURIComponent(boot.chat)}`;
const main = $("#main"), log = $("#log"), box = $("#text");

// Settings and texts

const settings = { language: boot.language, theme: "auto", name: "", ...recall() };
if (!boot.texts[settings.language]) settings.language = boot.language;
if (!settings.name) keep({ name: say("me") }); // kept, so that another language does not make a stranger of me

function recall() {
  try { return JSON.parse(localStorage.getItem("chalkak")) ?? {}; } catch { return {}; } // a browser may refuse
}

function keep(changes) {
  Object.assign(settings, changes);
  try { localStorage.setItem("chalkak", JSON.stringify(settings)); } catch { /* then until the page closes */ }
}

function say(name, values = {}) {
  return boot.texts[settings.language][`web-${name}`].replace(/\{(\w+)\}/g, (gap, key) => values[key] ?? gap);
}

const locale = () => navigator.languages.find((tag) => tag.startsWith(settings.language)) ?? settings.language;
const formatDate = (date, options) => new Intl.DateTimeFormat(locale(), options).format(new Date(date));
const toThousandths = { minimumFractionDigits: 3, maximumFractionDigits: 3 };
const formatSeconds = (seconds) => say("seconds", { seconds: seconds.toLocaleString(locale(), toThousandths) });

function applyTexts(root = document) {
  for (const node of $$("[data-say]", root)) node.textContent = say(node.dataset.say);
  for (const node of $$("[data-hint]", root)) node.placeholder = say(node.dataset.hint);
  for (const node of $$("[data-label]", root)) {
    node.setAttribute("aria-label", say(node.dataset.label));
    if (node.matches(".round")) node.title = say(node.dataset.label);
  }
}

function applySettings() {
  document.documentElement.lang = settings.language;
  document.documentElement.dataset.theme = settings.theme;
  document.title = say("title");
  applyTexts();
  showPill();
}

function stamp(name) {
  const node = $(`#${name}-template`).content.firstElementChild.cloneNode(true);
  applyTexts(node);
  return node;
}

const fill = (node, textContent, more = {}) => Object.assign(node, { textContent, ...more });
const make = (tag, text, className = "") => fill(document.createElement(tag), text, { className });
const setTime = (node, date, options) => fill(node, formatDate(date, options), { dateTime: date });

// The service

const address = (path, values) => `${path}?${new URLSearchParams({ ...values, lang: settings.language })}`;
const pictureOf = (id, kind = "picture") => `/api/photos/${id}/${kind}`;

async function call(method, path, values) {
  let response, answer;
  try {
    response = await fetch(address(path, values), { method });
    answer = await response.json();
  } catch { throw new Error(say("failed")); }
  if (!response.ok) throw new Error(answer.message ?? say("failed"));
  return answer;
}

// Where the reader is: who was at the end stays there, whatever grows

let isFollowing = true, unread = 0, lastTop = 0;

function follow() {
  if (isFollowing) main.scrollTop = main.scrollHeight;
}

function toEnd() {
  isFollowing = true;
  follow();
  showPill();
}

function showPill() {
  if (isFollowing) unread = 0;
  main.classList.toggle("following", isFollowing);
  $("#pill").hidden = isFollowing;
  $("#pill").classList.toggle("news", unread > 0);
  $("#pill span").textContent = unread ? say("new-answers", { count: unread }) : say("to-newest");
}

function noticeScroll() {
  const hasGoneUp = main.scrollTop < lastTop - 1; // what grows below never takes a reader up
  const isAtEnd = main.scrollHeight - main.scrollTop - main.clientHeight < 60;
  lastTop = main.scrollTop;
  if (isFollowing && !isAtEnd && !hasGoneUp) return follow();
  isFollowing = isAtEnd;
  showPill();
  loadOlder();
}

// The conversation: its nodes lie in the order of data-order

const entries = new Map(), gone = new Set();
const loadedSeqs = () => Array.from(entries.values(), ({ photo }) => photo.seq).filter(Number.isFinite);
let isHistory = true, polite = 0; // history is not news, neither for the eye nor for a screen reader

function asHistory(change) {
  clearTimeout(polite);
  isHistory = true;
  log.setAttribute("aria-live", "off");
  change();
  isHistory = false;
  polite = setTimeout(() => log.setAttribute("aria-live", "polite"), 500);
}

function place(node, order) {
  node.dataset.order = order;
  let last = log.lastElementChild;
  while (last && (last === node || Number(last.dataset.order) > order)) last = last.previousElementSibling;
  const next = last ? last.nextElementSibling : log.firstElementChild;
  if (next !== node) log.insertBefore(node, next); // only then, for moving a node takes its focus away
  relate(node);
  relate(node.nextElementSibling);
  $("#welcome").hidden = true;
}

function besides(node, way) {
  do node = node[way]; while (node?.matches(".line"));
  return node;
}

/** Shows the date where a day begins, and a text once when it came with several photos. */
function relate(node) {
  const photo = entries.get(node?.dataset.id)?.photo;
  if (!photo) return;
  const before = entries.get(besides(node, "previousElementSibling")?.dataset.id)?.photo;
  const day = formatDate(photo.sent_at, { dateStyle: "full" });
  part("day", node).textContent = day;
  part("day", node).hidden = before && formatDate(before.sent_at, { dateStyle: "full" }) === day;
  part("said-text", node).hidden = !photo.text || (before?.text === photo.text && before.author === photo.author);
}

/** Adds a line that nobody sent; one that came by name changes with the language. */
function addLine(text, name) {
  const line = make("p", text, "line");
  line.dataset.testid = "line";
  if (name) line.dataset.say = name;
  if (name && log.lastElementChild?.dataset.say === name) log.lastElementChild.remove();
  place(line, Math.max(0, ...loadedSeqs()) + 0.5); // before what is still going up
  toEnd();
}

function addEntry(photo, upload = {}) {
  const entry = { photo, node: stamp("entry"), ...upload };
  const frame = part("open", entry.node), picture = $("img", frame);
  frame.onclick = () => openViewer(entry.photo, entry.url);
  picture.onload = () => shape(frame, { width: picture.naturalWidth, height: picture.naturalHeight });
  picture.onerror = () => { picture.removeAttribute("src"); showEmptiness(frame); };
  part("delete", entry.node).onclick = () => erase(say("delete-question"), `/api/photos/${entry.photo.id}`);
  part("retry", entry.node).onclick = () => { entry.node.focus({ preventScroll: true }); queue(entry); };
  part("dismiss", entry.node).onclick = () => discard(entry);
  entries.set(photo.id, entry);
  render(entry);
  return entry;
}

function update(entry, changes) {
  entry.photo = { ...entry.photo, ...changes };
  render(entry);
}

function discard(entry) {
  const next = besides(entry.node, "nextElementSibling");
  if (entry.node.contains(document.activeElement)) main.focus({ preventScroll: true });
  entry.node.remove();
  entries.delete(entry.photo.id);
  if (entry.url) URL.revokeObjectURL(entry.url);
  relate(next);
  $("#welcome").hidden = log.childElementCount > 0;
}

function render(entry) {
  const { photo, node } = entry, isMine = photo.author === settings.name, sentence = describeState(photo);
  Object.assign(node.dataset, { id: photo.id, state: photo.state });
  node.classList.toggle("mine", isMine);
  node.setAttribute("aria-label", say("photo-by", { author: photo.author }));
  part("author", node).textContent = photo.author;
  part("said-text", node).textContent = photo.text;
  setTime(part("time", node), photo.sent_at, { timeStyle: "short" });
  part("delete", node).hidden = !isMine || photo.seq === Infinity;
  part("choices", node).hidden = photo.state !== "refused";
  part("progress", node).hidden = photo.state !== "sending";
  part("state", node).hidden = !sentence;
  $("span", part("state", node)).textContent = sentence;
  renderPicture(entry);
  renderReply(entry);
  place(node, photo.seq);
}

function describeState({ state, place, message }) {
  if (state === "refused") return message;
  if (state === "waiting") return place > 0 ? say("waiting", { count: place }) : say("waiting-next");
  return `web-${state}` in boot.texts.ko ? say(state) : "";
}

function renderPicture(entry) {
  const { photo } = entry, frame = part("open", entry.node), picture = $("img", frame);
  const isHidden = photo.is_hidden || photo.state === "quarantined", isThere = photo.state === "answered" && !isHidden;
  if (isThere) show(picture, pictureOf(photo.id));
  else if (entry.url && !isHidden) show(picture, entry.url);
  else picture.removeAttribute("src");
  if (isThere && entry.url) URL.revokeObjectURL(entry.url);
  if (isThere) entry.url = "";
  picture.alt = photo.caption || say("photo-by", { author: photo.author });
  frame.classList.toggle("hidden", isHidden);
  showEmptiness(frame);
  part("blank", frame).textContent = isHidden ? say("hidden") : entry.file?.name ?? (isThere ? say("no-preview") : "");
  shape(frame, photo);
}

function showEmptiness(frame) {
  frame.disabled = frame.classList.toggle("empty", !$("img", frame).hasAttribute("src"));
}

/** Sets an address only when it is another one, for setting it loads the picture again. */
function show(picture, source) {
  if (picture.getAttribute("src") !== source) picture.src = source;
}

/** Keeps the room of a picture before it is there; very long ones get margins. */
function shape(node, { width, height }) {
  if (width && height) node.style.setProperty("--ratio", Math.min(2.4, Math.max(0.55, width / height)));
}

// The answer

function renderReply(entry) {
  const { photo, node } = entry, isDone = photo.state === "answered" || photo.state === "quarantined";
  const signature = isDone ? settings.language + JSON.stringify(photo) : "";
  if (signature === (entry.signature ?? "")) return; // the same once more would be read out once more
  if (isDone && !entry.signature && !isHistory && !isFollowing) unread += 1;
  entry.signature = signature;
  part("answer", node)?.remove();
  if (isDone) node.append(makeReply(photo));
  showPill();
}

function makeReply(photo) {
  const reply = stamp("reply"), labels = Array.from(countLabels(photo)), chips = part("chips", reply);
  part("comment", reply).textContent = photo.comment || photo.message || "";
  if (photo.has_marked) prepareCompare(part("compare", reply), photo);
  chips.hidden = !labels.length;
  chips.append(...labels.map(([name, count]) => make("li", count > 1 ? `${name} ×${count}` : name)));
  explain(part("why", reply), photo);
  return reply;
}

function prepareCompare(button, photo) {
  button.hidden = false;
  shape(button, photo);
  part("marked", button).alt = photo.caption;
  part("marked", button).src = address(pictureOf(photo.id, "marked"));
  part("badge", button).textContent = say("shows-marked");
  button.onclick = () => {
    const isOriginal = button.getAttribute("aria-pressed") === "false";
    show(part("original", button), pictureOf(photo.id));
    button.setAttribute("aria-pressed", isOriginal);
    part("badge", button).textContent = say(isOriginal ? "shows-original" : "shows-marked");
    $("#spoken").textContent = part("badge", button).textContent;
  };
}

function countLabels({ objects, faces }) {
  const counts = new Map(), label = settings.language === "ko" ? "label_ko" : "label";
  for (const { [label]: name } of objects ?? []) counts.set(name, (counts.get(name) ?? 0) + 1);
  return faces?.length ? counts.set(say("face"), faces.length) : counts;
}

function explain(why, { seconds, models, notes, total_seconds: total }) {
  const stages = Object.entries(seconds ?? {}), longest = Math.max(...stages.map(([, taken]) => taken));
  why.hidden = !stages.length && !notes?.length;
  $("summary", why).textContent = say(notes?.length ? "why-partial" : "why");
  part("notes", why).hidden = !notes?.length;
  part("notes", why).append(...(notes ?? []).map((note) => make("li", note)));
  const nameOf = (stage) => (`web-stage-${stage}` in boot.texts.ko ? say(`stage-${stage}`) : stage);
  for (const [stage, taken] of stages) addStage(why, nameOf(stage), taken, taken / longest);
  if (total) addStage(why, say("total"), total);
  part("models", why).textContent = models?.length ? `${say("models")}: ${models.join(" · ")}` : "";
}

function addStage(why, name, taken, share) {
  const figure = make("dd", formatSeconds(taken)), bar = make("i", "", "bar");
  bar.style.width = `${100 * share}%`;
  if (share) figure.prepend(bar);
  part("stages", why).append(make("dt", name), figure);
}

// Going up: three at once, and with the same key again after a broken line, so that nothing is there twice

const uploads = new Set();

function addFiles(files) {
  const text = box.value.trim().startsWith("/") || !files.length ? "" : box.value.trim();
  if (text) box.value = "";
  for (const file of Array.from(files)) {
    const key = makeKey(), sent_at = new Date().toISOString();
    const photo = { id: key, seq: Infinity, author: settings.name, text, sent_at, state: "queued" };
    queue(addEntry(photo, { file, key, url: URL.createObjectURL(file), tries: 0 }));
  }
  toEnd();
}

/** Gives a UUID; crypto.randomUUID is missing where the page comes over plain http from another machine. */
function makeKey() {
  const digit = (mark) => (mark ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (mark / 4)))).toString(16);
  return "10000000-1000-4000-8000-100000000000".replace(/[018]/g, digit);
}

function queue(entry) {
  clearTimeout(entry.timer);
  uploads.add(entry);
  update(entry, { state: "queued" });
  pump();
}

function pump() {
  const having = (state) => Array.from(uploads).filter((entry) => entry.photo.state === state);
  having("queued").slice(0, 3 - Math.min(3, having("sending").length)).forEach(send);
}

async function send(entry) {
  const { file, key, photo: { author, text } } = entry, body = new FormData(), request = new XMLHttpRequest();
  part("progress", entry.node).value = 0;
  update(entry, { state: "sending" });
  if (file.size > boot.megabytes * 1e6) return refuse(entry, say("too-large", { megabytes: boot.megabytes }));
  try { await file.slice(0, 1).arrayBuffer(); } catch { return refuse(entry, say("unreadable")); } // as it always will
  for (const [name, value] of Object.entries({ key, author, text, photo: file })) body.append(name, value);
  request.open("POST", address(`${CHAT}/photos`)); // fetch could not tell how far it is
  request.responseType = "json";
  request.upload.onprogress = ({ loaded, total }) => { part("progress", entry.node).value = loaded / (total || 1); };
  request.onload = () => judge(entry, request);
  request.onerror = () => pause(entry);
  request.send(body);
}

function judge(entry, request) {
  const isLater = request.status === 429 || request.status === 503, { photo, message } = request.response ?? {};
  if (photo) adopt(entry, photo);
  else if (isLater) pause(entry, Number(request.getResponseHeader("Retry-After")));
  else refuse(entry, message ?? say("refused"));
  pump();
}

function refuse(entry, message) {
  uploads.delete(entry);
  update(entry, { state: "refused", message });
  pump();
}

function pause(entry, wanted = 0) {
  const seconds = Math.max(wanted || 0, Math.min(30, 2 ** entry.tries)) * (1 + Math.random() / 4);
  entry.tries += 1;
  entry.timer = setTimeout(() => queue(entry), 1000 * seconds);
  update(entry, { state: "pausing" });
  pump();
}

/** Makes an upload the photo that the service knows; the news of it may have been quicker than this answer. */
function adopt(entry, id) {
  uploads.delete(entry);
  if (entries.has(id) || gone.has(id)) return discard(entry);
  entries.delete(entry.photo.id);
  entries.set(id, entry);
  update(entry, { id, state: "waiting", ...held.get(id) });
  held.delete(id);
}

// Coming down

const held = new Map();
const live = { socket: null, change: 0, oldest: 0, heard: 0, frames: 0, pause: 0.5, timer: 0 };
Object.assign(live, { isSynced: false, isLocked: false, isLoading: false });

function connect() {
  const after = live.isSynced ? live.change : 0; // before, the highest change says nothing about the lower ones
  const path = address(`/ws/chats/${encodeURIComponent(boot.chat)}`, { after }), old = live.socket;
  const socket = new WebSocket(new URL(path, location.href.replace(/^http/, "ws")));
  clearTimeout(live.timer);
  Object.assign(live, { socket, heard: Date.now() });
  old?.close();
  socket.onmessage = (event) => { if (socket === live.socket) hear(JSON.parse(event.data)); };
  socket.onclose = (event) => { if (socket === live.socket) lose(event.code === 4401); };
}

function lose(isLocked) {
  const wait = live.pause * (0.5 + Math.random() / 2), name = isLocked ? "locked" : "away";
  Object.assign($("#away"), { hidden: false, textContent: say(name) }).dataset.say = name;
  Object.assign(live, { isLocked, socket: null, pause: Math.min(10, 2 * live.pause) });
  if (!isLocked) live.timer = setTimeout(connect, 1000 * wait);
}

/** Connects when the person or the network is back (an event), or when a line was silent for two heartbeats. */
function wake(event) {
  const isSilent = live.socket && Date.now() - live.heard > 45_000, isBack = event && !live.socket && !live.isLocked;
  if ((isSilent || isBack) && document.visibilityState === "visible") connect();
}

function hear(frame) {
  Object.assign(live, { heard: Date.now(), pause: 0.5, frames: live.frames + 1 });
  $("#away").hidden = true;
  if (frame.type === "photo") receive(frame.photo);
  if (frame.type === "gone") forget(frame.photo);
  if (frame.type === "notice") addLine(frame.message);
  if (frame.type === "synced" && !live.isSynced) begin();
  live.change = Math.max(live.change, frame.change ?? 0);
}

function begin() {
  live.isSynced = true;
  live.oldest = loadedSeqs().length ? Math.min(...loadedSeqs()) : 0;
  asHistory(() => { $("#welcome").hidden = log.childElementCount > 0; });
  toEnd();
  loadOlder();
}

function receive(photo) {
  const entry = entries.get(photo.id), isOlder = live.isSynced && photo.seq < live.oldest; // comes with its page
  const mayBe = (mine) => mine.state !== "queued" && mine.author === photo.author;
  if (gone.has(photo.id) || (!entry && isOlder)) return;
  if (entry) update(Object.assign(entry, { frame: live.frames }), photo);
  else if (held.has(photo.id)) held.set(photo.id, photo);
  else if (Array.from(uploads).some((upload) => mayBe(upload.photo))) hold(photo);
  else addEntry(photo, { frame: live.frames });
}

/** Keeps a photo back until the answer to an upload of mine says whether it is that one. */
function hold(photo) {
  held.set(photo.id, photo);
  setTimeout(() => {
    const late = held.get(photo.id);
    if (held.delete(photo.id)) addEntry(late, { frame: live.frames });
  }, 4000);
}

function forget(id) {
  gone.add(id);
  held.delete(id);
  if (entries.has(id)) discard(entries.get(id));
}

const getPage = async (before) => (await call("GET", `${CHAT}/photos`, { before, limit: 30 })).photos;

async function loadOlder() {
  if (!live.isSynced || live.isLoading || !live.oldest || main.scrollTop > 800) return;
  live.isLoading = true;
  $("#older").classList.add("loading");
  try { addOlder(await getPage(live.oldest)); } catch { await new Promise((done) => setTimeout(done, 3000)); }
  live.isLoading = false;
  $("#older").classList.remove("loading");
  loadOlder();
}

function addOlder(photos) {
  const fromEnd = main.scrollHeight - main.scrollTop;
  asHistory(() => photos.filter(({ id }) => !gone.has(id) && !entries.has(id)).forEach((photo) => addEntry(photo)));
  main.scrollTop = main.scrollHeight - fromEnd;
  live.oldest = photos.at(-1)?.seq ?? 0;
}

/** Reads what is loaded once more in another language, except what a frame has brought meanwhile. */
async function reread() {
  const since = live.frames;
  for (let before = Math.max(0, ...loadedSeqs()) + 1; before > live.oldest; ) {
    const photos = await getPage(before), known = photos.map(({ id }) => entries.get(id));
    const isStale = (entry) => entry && !(entry.frame > since);
    asHistory(() => known.forEach((entry, index) => { if (isStale(entry)) update(entry, photos[index]); }));
    before = photos.at(-1)?.seq ?? 0;
  }
}

// Finding

let asked = 0, opener = null;

function toggleFind(isOpen) {
  if (isOpen && $("#find").hidden) opener = document.activeElement;
  $("#find").hidden = !isOpen;
  $("#open-find").setAttribute("aria-expanded", isOpen);
  (isOpen ? $("#find-query") : opener).focus();
  if (isOpen) $("#find-query").select();
}

async function search(query) {
  const number = ++asked, outcome = $("#find-outcome"), failed = (error) => ({ hits: [], message: error.message });
  $("#find-query").value = query;
  outcome.textContent = say(query ? "searching" : "search-empty");
  if (!query) return;
  const { hits, message } = await call("GET", `${CHAT}/find`, { q: query, limit: 24 }).catch(failed);
  if (number !== asked) return; // something else was asked meanwhile
  outcome.textContent = message ?? (hits.length ? say("found", { count: hits.length }) : say("found-none"));
  $("#find-hits").replaceChildren(...hits.map(makeHit));
}

function makeHit(hit) {
  const node = stamp("hit");
  $("img", node).src = pictureOf(hit.photo, "thumb");
  part("hit-reason", node).textContent = hit.reason;
  $("b", node).textContent = hit.author;
  setTime($("time", node), hit.sent_at, { dateStyle: "medium" });
  part("hit-open", node).onclick = () => jump(hit);
  return node;
}

function jump(hit) {
  const entry = entries.get(hit.photo);
  if (!entry) return openViewer({ ...hit, id: hit.photo, text: hit.reason });
  toggleFind(false);
  reveal(entry.node);
}

function reveal(node) {
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  isFollowing = false;
  node.scrollIntoView({ block: "center", behavior: isCalm ? "auto" : "smooth" });
  node.focus({ preventScroll: true });
  node.classList.add("found");
  setTimeout(() => node.classList.remove("found"), 2500);
}

// Dialogs; the browser gives the focus back when one closes

function openViewer(photo, source) {
  const viewer = $("#viewer");
  $("img", viewer).src = source || pictureOf(photo.id);
  $("img", viewer).alt = photo.caption || say("photo-by", { author: photo.author });
  $("b", viewer).textContent = photo.author;
  $("p", viewer).textContent = photo.text;
  setTime($("time", viewer), photo.sent_at, { dateStyle: "long", timeStyle: "short" });
  viewer.showModal();
}

function isConfirmed(question) {
  const dialog = $("#confirm");
  $("#confirm-question").textContent = question;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => { // an end that is told late, while the next question is open, is none
    dialog.onclose = () => { if (!dialog.open) resolve(dialog.returnValue === "yes"); };
  });
}

async function erase(question, path) { // the frames then take away what is gone
  if (!(await isConfirmed(question))) return;
  $("#settings").close();
  const receipt = await call("DELETE", path, { author: settings.name }).catch((error) => error);
  addLine(receipt.message);
}

function openSettings() {
  for (const name of ["name", "language", "theme"]) $("#settings-form").elements[name].value = settings[name];
  $("#settings").showModal();
}

function changeSettings() {
  const wanted = Object.fromEntries(new FormData($("#settings-form"))), { language } = settings;
  keep({ ...wanted, name: wanted.name.normalize("NFC").trim().replace(/\s+/g, " ") || settings.name });
  applySettings();
  asHistory(() => entries.forEach(render));
  if (settings.language === language) return;
  connect();
  reread().catch(() => {}); // without a connection the words stay as they are
  if ($("#find-hits").childElementCount) search($("#find-query").value);
}

// The composer

function submit() {
  const text = box.value.trim(), [, command, rest] = /^\/(\S*)\s*(.*)$/s.exec(text) ?? [];
  if (!text) return $("#files").click();
  if (command === undefined) return addLine(say("need-photo"), "need-photo");
  box.value = "";
  const name = ["help", "도움", "도움말"].includes(command) ? "help" : "unknown-command";
  if (!["find", "찾기"].includes(command)) return addLine(say(name), name);
  toggleFind(true);
  search(rest.trim());
}

function pressKey(event) {
  const isClosing = event.key === "Escape" && !$("#find").hidden && !$("dialog[open]");
  const isSending = event.key === "Enter" && !event.shiftKey && event.target === box;
  const isComposing = event.isComposing || event.keyCode === 229; // these keys belong to the Hangul; 229 is Safari
  if (isComposing || !(isClosing || isSending)) return;
  event.preventDefault();
  if (isClosing) toggleFind(false);
  else submit();
}

/** Takes photos that are dropped or pasted; whatever is no file stays with the browser. */
function takeFiles(event) {
  const { files, types } = event.dataTransfer ?? event.clipboardData;
  if (!types.includes("Files")) return;
  event.preventDefault();
  $("#drop").hidden = !event.type.startsWith("drag");
  if ($("#drop").hidden) addFiles(files);
}

// Wiring

const on = (target, name, act) => target.addEventListener(name, act);
const submitting = (act) => (event) => { event.preventDefault(); act(); };

on(main, "scroll", noticeScroll);
on($("#pill"), "click", toEnd);
on(document, "keydown", pressKey);
on($("#composer"), "submit", submitting(submit));
on($("#files"), "change", ({ target }) => { addFiles(target.files); target.value = ""; });
on($("#open-find"), "click", () => toggleFind($("#find").hidden));
on($("#close-find"), "click", () => toggleFind(false));
on($("#find-form"), "submit", submitting(() => search($("#find-query").value.trim())));
on($("#open-settings"), "click", openSettings);
on($("#settings-form"), "input", changeSettings);
on($("#settings-form"), "submit", submitting(() => $("#settings").close()));
on($("#delete-all"), "click", () => erase(say("delete-all-question", { author: settings.name }), `${CHAT}/photos`));
on($("#confirm-yes"), "click", () => $("#confirm").close("yes"));
for (const button of $$("[data-picks]")) on(button, "click", () => $("#files").click());
for (const button of $$("[data-closes]")) on(button, "click", () => button.closest("dialog").close());
for (const dialog of $$("dialog")) on(dialog, "click", ({ target }) => { if (target === dialog) dialog.close(); });
for (const name of ["dragenter", "dragover", "drop", "paste"]) on(window, name, takeFiles);
on($("#drop"), "dragleave", () => { $("#drop").hidden = true; });
for (const name of ["online", "pageshow"]) on(window, name, wake);
on(document, "visibilitychange", wake);
on(window, "online", () => uploads.forEach((entry) => { if (entry.photo.state === "pausing") queue(entry); }));
on(window, "beforeunload", (event) => { if (uploads.size) event.preventDefault(); });
setInterval(wake, 5000);
for (const node of [main, log]) new ResizeObserver(follow).observe(node);
applySettings();
connect();
