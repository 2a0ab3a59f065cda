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

/** A camera that looks until it is stopped. */
export class Camera {
  /** @type {MediaStream | null} */
  #stream = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #next;

  /**
   * @param {HTMLVideoElement} video where it is shown
   * @param {(text: string) => void} seen what is before it; over and over as long as it is there
   */
  constructor(video, seen) {
    [this.video, this.seen] = [video, seen];
  }

  get isOn() { return this.#stream !== null; }

  /** @throws {DOMException} NotAllowedError where the person or the device said no, NotFoundError where there is none, NotReadableError where another program has it */
  async start() {
    this.#stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
    this.video.srcObject = this.#stream;
    await this.video.play();
    const reader = new (detector())({ formats: ["qr_code"] });
    const look = async () => {
      if (!this.isOn) return;
      for (const { rawValue } of await reader.detect(this.video).catch(() => [])) this.seen(rawValue);
      this.#next = setTimeout(look, BETWEEN_LOOKS);
    };
    look();
  }

  stop() {
    clearTimeout(this.#next);
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
    this.video.srcObject = null;
  }
}
