// @ts-check
/** Reads codes with the device's camera, where the browser can (Shape Detection API, BarcodeDetector). */

/** Between two looks, in milliseconds. */
const BETWEEN_LOOKS = 120;

/** @returns {Promise<boolean>} whether this browser reads QR codes by itself */
export async function canRead() {
  if (!("BarcodeDetector" in globalThis) || !navigator.mediaDevices?.getUserMedia) return false;
  return (await detector().getSupportedFormats()).includes("qr_code");
}

/** @returns {any} it is in no type library yet */
const detector = () => /** @type {any} */ (globalThis).BarcodeDetector;

/** A camera that looks until it is stopped; while nobody sees the page it is off. */
export class Camera {
  #isWanted = false;
  /** @type {MediaStream | null} */
  #stream = null;

  /**
   * @param {HTMLVideoElement} video where it is shown
   * @param {(text: string) => void} seen what is before it; over and over as long as it is there
   * @param {(fault: DOMException | null) => void} turned it was turned on or off, or why it is off
   */
  constructor(video, seen, turned) {
    this.video = video;
    this.seen = seen;
    this.turned = turned;
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.#release();
      else if (this.#isWanted) this.start();
    });
  }

  get isOn() { return this.#isWanted; }

  /** NotAllowedError where the person or the device said no, NotFoundError where there is none, NotReadableError where another program has it. */
  async start() {
    this.#isWanted = true;
    this.turned(null);
    try {
      await this.#open();
    } catch (fault) {
      if (!(fault instanceof DOMException)) throw fault;
      this.#end();
      this.turned(fault);
    }
  }

  stop() {
    this.#end();
    this.turned(null);
  }

  async #open() {
    const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
    // Meanwhile it may have been stopped, or the page hidden; or both, and both undone.
    if (!this.#isWanted || document.hidden || this.#stream !== null) return release(stream);
    this.#stream = stream;
    this.video.srcObject = stream;
    await this.video.play();
    const reader = new (detector())({ formats: ["qr_code"] });
    const look = async () => {
      if (this.#stream !== stream) return;
      for (const { rawValue } of await reader.detect(this.video).catch(() => [])) this.seen(rawValue);
      setTimeout(look, BETWEEN_LOOKS);
    };
    look();
  }

  #end() {
    this.#isWanted = false;
    this.#release();
  }

  #release() {
    if (this.#stream !== null) release(this.#stream);
    this.#stream = null;
    this.video.srcObject = null;
  }
}

/** @param {MediaStream} stream */
function release(stream) {
  for (const track of stream.getTracks()) track.stop();
}
