import type { Base } from '#base/store'

/** The time in which a node that was told to stop still does all its work, and says at `/health` that it stops. */
export function openStopNotice(
  { monotonic, logger }: Pick<Base, 'monotonic' | 'logger'>,
  stopNoticeMs: number,
) {
  let isStopping = false
  return {
    isStopping: () => isStopping,
    /** Resolves when load balancers have had their time to hear of it. */
    async give(): Promise<void> {
      if (stopNoticeMs === 0) return
      isStopping = true
      logger.info({ stopNoticeMs }, 'The node stops: /health says so, and it goes on until then')
      const { promise, resolve } = Promise.withResolvers<void>()
      using _ = monotonic.after(stopNoticeMs, resolve, { ref: true })
      await promise
    },
  }
}
