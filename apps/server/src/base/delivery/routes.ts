import * as contract from '@parley/contract'
import { type Http, route } from '#base/http'
import type { WithDeps } from '#base/kernel'
import type { DeadLetter } from './dead-letter-repository.ts'
import type * as operations from './dead-letters.ts'
import type { DeliveryDeps } from './deps.ts'
import { ALL_ACCOUNTS, type RecurringWork } from './recurring-work.ts'
import { countWaiting, listFailing, MAX_COUNTED } from './repository.ts'

export type DeadLetters = WithDeps<typeof operations>

const MAX_FAILING = 100

interface WaitingDeps extends Pick<DeliveryDeps, 'store' | 'clock'> {
  recurring: (accountId: string) => Promise<RecurringWork[]>
}

export function deliveryRoutes({ app }: Http, deps: WaitingDeps, deadLetters: DeadLetters): void {
  route(app, contract.listDeliveries, ({ params }) => waitingOf(deps, params.accountId))
  route(app, contract.listDeadLetters, async ({ params, query }) => ({
    deadLetters: (await deadLetters.list(params.accountId, query)).map(letterOf),
  }))
  route(app, contract.getDeadLetter, async ({ params: { accountId, id } }) => {
    const letter = await deadLetters.get(accountId, id)
    return { ...letterOf(letter), facts: letter.facts }
  })
  route(app, contract.redriveDeadLetter, ({ params: { accountId, id } }) =>
    deadLetters.redrive(accountId, id),
  )
  route(app, contract.discardDeadLetter, ({ params: { accountId, id } }) =>
    deadLetters.discard(accountId, id),
  )
}

async function waitingOf({ store: { db }, clock, recurring }: WaitingDeps, accountId: string) {
  const queues = await countWaiting(db, accountId, clock.now())
  const failing = await listFailing(db, accountId, MAX_FAILING)
  const counted = { outbox: 0, timer: 0 }
  for (const { source, waiting } of queues) counted[source] += waiting
  return {
    queues: queues.map(({ dueSince, nextAt, ...queue }) => ({
      ...queue,
      ...(dueSince && { dueSince: dueSince.toISOString() }),
      ...(nextAt && { nextAt: nextAt.toISOString() }),
    })),
    failing: failing.map(({ firstAttemptAt, runAt, ...row }) => ({
      ...row,
      ...(firstAttemptAt && { firstAttemptAt: firstAttemptAt.toISOString() }),
      nextAttemptAt: runAt.toISOString(),
    })),
    recurring: [
      ...shownRecurring('account', await recurring(accountId)),
      ...shownRecurring('server', await recurring(ALL_ACCOUNTS)),
    ],
    isCut: Math.max(counted.outbox, counted.timer) > MAX_COUNTED,
  }
}

/** Without what is of one account only among the work for all. */
function shownRecurring(
  of: contract.RecurringWork['of'],
  work: RecurringWork[],
): contract.RecurringWork[] {
  const shown = of === 'server' ? work.filter(({ key }) => key === ALL_ACCOUNTS) : work
  return shown.map(({ name, nextAt, failures, last }) => ({
    name,
    of,
    nextAt,
    failures,
    ...(last && { last }),
  }))
}

function letterOf(letter: DeadLetter): contract.DeadLetter {
  const { id, source, name, lane, attempts, firstAttemptAt, deadAt, cause } = letter
  return {
    id,
    source,
    name,
    lane,
    attempts,
    firstAttemptAt: firstAttemptAt.toISOString(),
    deadAt: deadAt.toISOString(),
    cause,
  }
}
