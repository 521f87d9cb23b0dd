import { Readable } from 'node:stream'

/**
 * Texts as a stream of their bytes, for long answers. As texts they would stop for good once a client reads slowly: a response counts their
 * bytes and its socket their characters, so that `drain` may never come.
 */
export function textStream(texts: AsyncIterable<string>): Readable {
  return Readable.from(bytesOf(texts))
}

async function* bytesOf(texts: AsyncIterable<string>): AsyncGenerator<Buffer> {
  for await (const text of texts) yield Buffer.from(text)
}
