import type { Delivery, OutboxRow } from '#base/delivery'
import { type Clock, type Logger, PassingMap } from '#base/kernel'

const AGAIN_AFTER_MS = 1_000

/** How long default messages wait for functions, counted on this node from its first attempt at each event. */
export interface Patience {
  /**
   * Calls `lose` when `ms` have passed since this node first began to handle the row, unless the row has been answered. Neither a row that
   * waits for its turn nor one that a stopped server has left loses patience.
   */
  begin(row: OutboxRow<unknown>, ms: number, lose: () => Promise<void>): void
  /** The event has its answer. */
  end(row: OutboxRow<unknown>): void
}

export function openPatience({
  clock,
  delivery,
  logger,
}: {
  clock: Clock
  delivery: Pick<Delivery, 'alarm'>
  logger: Logger
}): Patience {
  const alarms = new PassingMap<number, Disposable>()

  function wait(row: OutboxRow<unknown>, at: number, lose: () => Promise<void>): void {
    const { id, accountId } = row
    const alarm = delivery.alarm(at, accountId, async () => {
      try {
        await lose()
        alarms.delete(id)
      } catch (err) {
        logger.warn({ err, accountId, row: id }, 'A default message could not be sent in time')
        if (alarms.has(id)) wait(row, clock.now() + AGAIN_AFTER_MS, lose)
      }
    })
    alarms.set(id, alarm)
  }

  return {
    begin(row, ms, lose) {
      if (!alarms.has(row.id)) wait(row, clock.now() + ms, lose)
    },
    end({ id }) {
      alarms.get(id)?.[Symbol.dispose]()
      alarms.delete(id)
    },
  }
}
