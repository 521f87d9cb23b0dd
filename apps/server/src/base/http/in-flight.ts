import type { ServerResponse } from 'node:http'

/** The requests that are being answered, so that a drain can wait for them. */
export interface InFlight {
  add(response: ServerResponse): void
  /** Lets no connection be reused; resolves when the last request is answered. */
  finish(): Promise<void>
}

export function countInFlight(): InFlight {
  const responses = new Set<ServerResponse>()
  let finishing: PromiseWithResolvers<void> | undefined
  const resolveWhenEmpty = () => {
    if (responses.size === 0) finishing?.resolve()
  }
  return {
    add(response) {
      responses.add(response)
      if (finishing) response.shouldKeepAlive = false
      response.once('close', () => {
        responses.delete(response)
        resolveWhenEmpty()
      })
    },
    async finish() {
      finishing ??= Promise.withResolvers<void>()
      for (const response of responses) response.shouldKeepAlive = false
      resolveWhenEmpty()
      await finishing.promise
    },
  }
}
