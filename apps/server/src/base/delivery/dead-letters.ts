import { ParleyError } from '#base/kernel'
import {
  type DeadLetter,
  type DeadLetterPage,
  findDeadLetter,
  listDeadLetters,
  takeDeadLetter,
} from './dead-letter-repository.ts'
import type { DeliveryDeps } from './deps.ts'
import { armTimerOnce } from './timer-repository.ts'

const MAX_PAGE = 100

type DeadLetterDeps = Pick<DeliveryDeps, 'store' | 'clock'> & { wake: () => void }

/** The rows and timers of an account that could not be delivered, the newest first. */
export function list(
  { store }: Pick<DeadLetterDeps, 'store'>,
  accountId: string,
  page: Partial<DeadLetterPage> = {},
): Promise<DeadLetter[]> {
  const limit = Math.min(page.limit ?? MAX_PAGE, MAX_PAGE)
  return listDeadLetters(store.db, accountId, { ...page, limit })
}

export async function get(
  { store }: Pick<DeadLetterDeps, 'store'>,
  accountId: string,
  id: number,
): Promise<DeadLetter> {
  const letter = await findDeadLetter(store.db, accountId, id)
  if (!letter) throw noDeadLetter(id)
  return letter
}

/** Puts it back, with all its attempts before it. */
export async function redrive(
  { store, clock, wake }: DeadLetterDeps,
  accountId: string,
  id: number,
): Promise<void> {
  await store.transaction(async (tx) => {
    const letter = await takeDeadLetter(tx, accountId, id)
    if (!letter) throw noDeadLetter(id)
    const { name, lane: key, facts } = letter
    if (letter.source === 'outbox') {
      store.enqueue(tx, accountId, [{ consumer: name, orderingKey: key, facts }])
      return
    }
    // A timer that was armed since is newer.
    if (!(await armTimerOnce(tx, accountId, { kind: name, key, dueAt: clock.now(), facts }))) {
      throw new ParleyError('conflict', `Timer "${name}" of "${key}" is armed again already`)
    }
  })
  wake()
}

/** Gives it up. */
export async function discard(
  { store }: Pick<DeadLetterDeps, 'store'>,
  accountId: string,
  id: number,
): Promise<void> {
  if (!(await takeDeadLetter(store.db, accountId, id))) throw noDeadLetter(id)
}

function noDeadLetter(id: number): ParleyError {
  return new ParleyError('not_found', `No dead letter "${id}"`)
}
