// A second reader that says what it is told to: an OpenAI-compatible endpoint on a port of its own.
import { createServer } from 'node:http';

export class Endpoint {
  /** Bodies of the requests that came. */
  asked = [];
  /** Called with a request's body; gives `{ status, verdicts }`. May be asynchronous. */
  answer = () => ({ verdicts: [] });

  static async start() {
    const endpoint = new Endpoint();
    endpoint.server = createServer(async (request, response) => {
      let text = '';
      for await (const chunk of request) text += chunk;
      const body = JSON.parse(text);
      endpoint.asked.push(body);
      const { status = 200, verdicts = [] } = await endpoint.answer(body);
      const content = JSON.stringify({ verdicts });
      const message = { role: 'assistant', content };
      response.writeHead(status, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify({ choices: [{ index: 0, finish_reason: 'stop', message }] }));
    });
    await new Promise((resolve) => endpoint.server.listen(0, '127.0.0.1', resolve));
    return endpoint;
  }

  get origin() {
    return `http://127.0.0.1:${this.server.address().port}`;
  }

  get env() {
    return { SPAR_READER_URL: `${this.origin}/v1`, SPAR_READER_MODEL: 'scripted-model' };
  }

  async stop() {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
