// Runs on the audio thread: hands the microphone's samples to the page in parts of about 50 ms.
const PART = 1024;

class Recorder extends AudioWorkletProcessor {
  constructor() {
    super();
    this.part = new Float32Array(PART);
    this.filled = 0;
  }

  process([[samples] = []]) {
    if (!samples) return true;
    for (const sample of samples) {
      this.part[this.filled++] = sample;
      if (this.filled < PART) continue;
      this.port.postMessage(this.part, [this.part.buffer]);
      this.part = new Float32Array(PART);
      this.filled = 0;
    }
    return true;
  }
}

registerProcessor('recorder', Recorder);
