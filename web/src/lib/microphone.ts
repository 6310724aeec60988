// The microphone, as parts of samples on one channel.
import recorder from '../worklets/recorder.js?url';

/** What the model hears; browsers that cannot give it give their own rate, and the server converts. */
const RATE = 16_000;

/** Why there is no microphone, with the cure. */
export class NoMicrophone extends Error {}

export interface Microphone {
  rate: number;
  close(): Promise<void>;
}

/** Asks for the microphone and hands its samples on until it is closed; `onlost` when it is taken away. */
export async function microphone(onpart: (samples: Float32Array) => void, onlost: () => void): Promise<Microphone> {
  if (!navigator.mediaDevices?.getUserMedia || typeof AudioWorkletNode === 'undefined') {
    throw new NoMicrophone('This browser gives no microphone to this page. Open Spar at 127.0.0.1 or over https, in a current browser.');
  }
  const stream = await navigator.mediaDevices
    .getUserMedia({ audio: { channelCount: 1, echoCancellation: false, noiseSuppression: true, autoGainControl: true } })
    .catch((error: unknown) => Promise.reject(new NoMicrophone(cause(error))));
  let context: AudioContext | undefined;
  try {
    const heard = await connected(stream);
    ({ context } = heard);
    const node = new AudioWorkletNode(context, 'recorder', { numberOfOutputs: 0, channelCount: 1, channelCountMode: 'explicit' });
    node.port.onmessage = ({ data }: MessageEvent<Float32Array>) => onpart(data);
    heard.source.connect(node);
  } catch {
    stop(stream);
    await context?.close();
    throw new NoMicrophone('The microphone could not be read. Close other programs that use it, then try again.');
  }
  for (const track of stream.getAudioTracks()) track.onended = onlost;
  const open = context;
  return {
    rate: open.sampleRate,
    async close() {
      for (const track of stream.getAudioTracks()) track.onended = null;
      stop(stream);
      await open.close();
    },
  };
}

/** Some browsers refuse to join a stream to a context of another rate: those get a context of theirs. */
async function connected(stream: MediaStream): Promise<{ context: AudioContext; source: MediaStreamAudioSourceNode }> {
  for (const options of [{ sampleRate: RATE }, {}]) {
    const context = new AudioContext(options);
    try {
      const source = context.createMediaStreamSource(stream);
      await context.audioWorklet.addModule(recorder);
      await context.resume();
      return { context, source };
    } catch {
      await context.close();
    }
  }
  throw new Error('no context takes the stream');
}

function stop(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

function cause(error: unknown): string {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError') return 'The browser was told not to give the microphone. Allow it for this page, then try again.';
  if (name === 'NotFoundError') return 'No microphone was found. Connect one, then try again.';
  return 'The microphone could not be opened. Close other programs that use it, then try again.';
}
