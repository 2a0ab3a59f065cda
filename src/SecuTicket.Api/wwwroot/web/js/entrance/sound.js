// @ts-check
/** What a result sounds and feels like: each its own, so that whoever scans need not look. */

/** @typedef {"green" | "yellow" | "red"} Colour */

/** Tones one after the other: hertz and milliseconds. Up for yes, level for look, down and long for no. */
const TONES = {
  green: [[660, 90], [990, 160]],
  yellow: [[520, 130], [0, 70], [520, 130]],
  red: [[330, 180], [196, 420]],
};

const SHAKES = { green: [80], yellow: [80, 80, 80], red: [400] };
const LOUDNESS = 0.25;

/** @type {AudioContext | undefined} */
let audio;

/** Browsers make no sound before somebody touched the page; called where that is so. */
export function wake() {
  audio ??= new AudioContext();
  audio.resume();
  return audio;
}

/** @param {Colour} colour @param {boolean} muted a muted gate still shakes */
export function announce(colour, muted) {
  if (!navigator.userActivation?.hasBeenActive) return;
  navigator.vibrate?.(SHAKES[colour]);
  if (muted) return;
  const awake = wake();
  let at = awake.currentTime;
  for (const [hertz, milliseconds] of TONES[colour]) {
    if (hertz > 0) play(awake, hertz, at, milliseconds / 1000);
    at += milliseconds / 1000;
  }
}

/** @param {AudioContext} audio @param {number} hertz @param {number} at @param {number} seconds */
function play(audio, hertz, at, seconds) {
  const tone = new OscillatorNode(audio, { type: "triangle", frequency: hertz });
  const loudness = new GainNode(audio, { gain: 0 });
  // Without slopes there are clicks.
  loudness.gain.setValueAtTime(0, at);
  loudness.gain.linearRampToValueAtTime(LOUDNESS, at + 0.01);
  loudness.gain.setValueAtTime(LOUDNESS, at + seconds - 0.02);
  loudness.gain.linearRampToValueAtTime(0, at + seconds);
  tone.connect(loudness).connect(audio.destination);
  tone.start(at);
  tone.stop(at + seconds);
}
