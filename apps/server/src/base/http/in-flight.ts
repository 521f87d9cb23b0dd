import { PassingSet } from '#base/kernel'

/** What is being answered, and whether its connection takes another request then. */
export interface Exchange {
  shouldKeepAlive: boolean
}

/** The requests that are being answered, so that a drain can wait for them. */
export interface InFlight {
  /** What is returned is to be called when the answer has left, or the connection was lost. */
  add(exchange: Exchange): () => void
  /** Lets no connection be reused; resolves when the last request is answered. */
  finish(): Promise<void>
}

export function countInFlight(): InFlight {
  const exchanges = new PassingSet<Exchange>()
  let finishing: PromiseWithResolvers<void> | undefined
  const resolveWhenEmpty = () => {
    if (exchanges.size === 0) finishing?.resolve()
  }
  return {
    add(exchange) {
      exchanges.add(exchange)
      if (finishing) exchange.shouldKeepAlive = false
      return () => {
        exchanges.delete(exchange)
        resolveWhenEmpty()
      }
    },
    async finish() {
      finishing ??= Promise.withResolvers<void>()
      for (const exchange of exchanges) exchange.shouldKeepAlive = false
      resolveWhenEmpty()
      await finishing.promise
    },
  }
}
