// Answers to the questions that the tests use: good enough to be scored, with enough left to ask about.
export const ITEM = 'public-api-rate-limiter';

export const ANSWER = `I start from what the client sees: once somebody is over the limit we return 429 with a Retry-After header, never a 500.

I use a token bucket – it refills at a steady rate and allows a short burst of 50. We run several gateways, so where the counters live is a concern, and so is what happens when two requests come at once. I’d also think about the store being slow.`;

export const BETTER = `${ANSWER}

The counters live in Redis, one per API key, so that all gateways share the same state, and the check and the decrement run in one Lua script. At my last job we handled 3,000 requests a second at peak, and the limiter added about 1 ms at p95.`;

/** A question with a check of every kind, and an answer that says nothing on any of them. */
export const CHECKED = 'zero-downtime-migration';
export const VAGUE = `I would talk to the team first and make a plan that everybody agrees with. Then we would do it step by step, carefully, and look at the graphs. If something goes wrong we would find out why. In my last project that worked well, and the whole thing took about 3 weeks.`;
