import * as contract from '@parley/contract'
import { type Http, route } from '#base/http'
import type { DeadLetter } from './dead-letters.ts'
import type { Delivery } from './types.ts'

/** Mounts the native API of this room: what could not be delivered. */
export function mountDelivery({ app }: Http, { deadLetters }: Pick<Delivery, 'deadLetters'>): void {
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
