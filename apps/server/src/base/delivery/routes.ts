import * as contract from '@parley/contract'
import { type Http, route } from '#base/http'
import type { WithDeps } from '#base/kernel'
import type { DeadLetter } from './dead-letter-repository.ts'
import type * as operations from './dead-letters.ts'

export type DeadLetters = WithDeps<typeof operations>

export function deliveryRoutes({ app }: Http, deadLetters: DeadLetters): void {
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
