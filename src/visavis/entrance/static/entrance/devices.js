// A try of camera, microphone and loudspeaker. Nothing leaves the browser: the picture is shown,
// the loudness is measured, and both are let go of when the test ends or the panel is closed.
const ENOUGH = window.matchMedia("(width >= 48rem)");
const SAYS = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "none",
  OverconstrainedError: "none",
  NotReadableError: "busy",
  AbortError: "busy",
};

const panel = document.querySelector("[data-devices]");
const part = (name) => panel.querySelector(`[data-devices-${name}]`);
let stream = null;
let sound = null;
let drawing = 0;

const say = (word) => {
  for (const line of panel.querySelectorAll("[data-devices-says]")) {
    line.hidden = line.dataset.devicesSays !== word;
  }
};

const stop = () => {
  cancelAnimationFrame(drawing);
  for (const track of stream?.getTracks() ?? []) track.stop();
  sound?.close();
  stream = sound = null;
  part("picture").srcObject = null;
  part("tried").hidden = part("stop").hidden = true;
  part("start").hidden = false;
};

// Whoever has no camera may still have a microphone, and the other way round.
const ask = async () => {
  const devices = navigator.mediaDevices;
  let why;
  for (const wanted of [{ video: true, audio: true }, { audio: true }, { video: true }]) {
    try {
      return await devices.getUserMedia(wanted);
    } catch (error) {
      why = error;
      if (SAYS[error.name] !== "none") break;
    }
  }
  throw why;
};

const listen = () => {
  sound = new AudioContext();
  const analyser = sound.createAnalyser();
  sound.createMediaStreamSource(stream).connect(analyser);
  const wave = new Float32Array(analyser.fftSize);
  const level = part("level");
  const draw = () => {
    analyser.getFloatTimeDomainData(wave);
    const loudness = Math.sqrt(wave.reduce((sum, one) => sum + one * one, 0) / wave.length);
    level.value = Math.min(1, loudness * 6);
    drawing = requestAnimationFrame(draw);
  };
  draw();
};

const start = async () => {
  say("");
  try {
    stream = await ask();
  } catch (error) {
    stop();
    say(SAYS[error.name] ?? "failed");
    return;
  }
  const picture = stream.getVideoTracks().length > 0;
  const hears = stream.getAudioTracks().length > 0;
  part("picture").srcObject = stream;
  part("picture").hidden = !picture;
  part("level").closest(".field").hidden = !hears;
  part("tried").hidden = part("stop").hidden = false;
  part("start").hidden = true;
  if (hears) listen();
  say(picture && hears ? "fine" : hears ? "sound-only" : "picture-only");
};

// Two notes, made here: no file is fetched, so that it works without a connection.
const play = () => {
  const speaker = new AudioContext();
  const volume = speaker.createGain();
  volume.gain.value = 0.2;
  volume.connect(speaker.destination);
  [440, 660].forEach((pitch, place) => {
    const note = speaker.createOscillator();
    note.frequency.value = pitch;
    note.connect(volume);
    note.start(speaker.currentTime + place * 0.4);
    note.stop(speaker.currentTime + place * 0.4 + 0.35);
    if (place) note.onended = () => speaker.close();
  });
};

if (panel) {
  panel.hidden = false;
  panel.open = ENOUGH.matches;
  part("start").addEventListener("click", start);
  part("stop").addEventListener("click", () => {
    stop();
    say("");
  });
  part("sound").addEventListener("click", play);
  panel.addEventListener("toggle", () => {
    if (!panel.open) stop();
  });
  // The meeting's own page needs the camera.
  addEventListener("pagehide", stop);
}
