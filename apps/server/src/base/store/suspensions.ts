import { type Logger, ParleyError, PassingSet } from '#base/kernel'
import type { Db } from './db.ts'
import type { Notifications } from './notifications.ts'

const CHANNEL = 'account.standing'

/**
 * Which accounts are suspended: in memory, so that everything can ask before it begins. Other nodes know within a second; one that
 * missed the notification within five minutes, and takes no work from the database meanwhile.
 */
export interface Suspensions extends Disposable {
  has(accountId: string): boolean
  /** Call it after the commit that made, suspended, resumed or ended the account. Resolves when this node knows. */
  changed(accountId: string): Promise<void>
  /** Called on every node, after `has` has changed. */
  onChange(listener: (accountId: string) => void): Disposable
}

export async function openSuspensions({
  db,
  notifications,
  logger,
}: {
  db: Db
  notifications: Pick<Notifications, 'notify' | 'onNotify' | 'onResync'>
  logger: Logger
}): Promise<Suspensions> {
  const listeners = new PassingSet<(accountId: string) => void>()
  let suspended = await selectSuspended(db)
  /** One at a time: an older answer must not replace a newer one. */
  let reading: Promise<unknown> = Promise.resolve()

  function tell(accountIds: Iterable<string>): void {
    for (const accountId of accountIds) for (const listener of listeners) listener(accountId)
  }

  async function read(named?: string): Promise<void> {
    const before = suspended
    suspended = await selectSuspended(db)
    const changed = suspended.symmetricDifference(before)
    tell(named === undefined ? changed : changed.add(named))
  }

  function readAgain(named?: string): Promise<void> {
    const done = reading.then(() => read(named))
    reading = Promise.allSettled([done])
    return done
  }

  function readSoon(named?: string): void {
    readAgain(named).catch((err: unknown) =>
      logger.warn({ err }, 'Suspended accounts could not be read again'),
    )
  }

  using opened = new DisposableStack()
  opened.use(notifications.onNotify(CHANNEL, readSoon))
  opened.use(notifications.onResync(() => readSoon(), { periodic: true }))
  const resources = opened.move()
  return {
    has: (accountId) => suspended.has(accountId),
    async changed(accountId) {
      try {
        await readAgain(accountId)
      } finally {
        notifications.notify(CHANNEL, accountId)
      }
    },
    onChange(listener) {
      listeners.add(listener)
      return { [Symbol.dispose]: () => void listeners.delete(listener) }
    },
    [Symbol.dispose]: () => resources.dispose(),
  }
}

async function selectSuspended(db: Db): Promise<Set<string>> {
  const rows = await db
    .selectFrom('account')
    .select('accountId')
    .where('suspendedAt', 'is not', null)
    .execute()
  return new Set(rows.map(({ accountId }) => accountId))
}

/** For callers who have proved that they belong to the account. @throws ParleyError `account_suspended` */
export function requireActive(
  { suspensions }: { suspensions: Pick<Suspensions, 'has'> },
  accountId: string,
): void {
  if (suspensions.has(accountId))
    throw new ParleyError('account_suspended', suspendedMessage(accountId))
}

/** For strangers: they learn no more of a suspended account than of one that does not exist. @throws ParleyError `not_found` */
export function requireKnown(
  { suspensions }: { suspensions: Pick<Suspensions, 'has'> },
  accountId: string,
): void {
  if (suspensions.has(accountId)) {
    throw new ParleyError('not_found', `There is no account "${accountId}"`)
  }
}

/** What people and programs of a suspended account are told. */
export function suspendedMessage(accountId: string): string {
  return `The account "${accountId}" is suspended; ask the operator of this server`
}
