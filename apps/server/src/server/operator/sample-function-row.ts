import * as z from 'zod'
import type { OutboxConsumer } from '#base/delivery'
import { ParleyError } from '#base/kernel'
import type { OutboxInsert } from '#base/store'
import { deploySampleFunction } from '#server/sample-function'
import type { OperatorDeps } from './deps.ts'

const CONSUMER = 'sample-function'

/** To be enqueued by what makes the account. */
export function sampleFunctionRow(accountId: string): OutboxInsert {
  return { consumer: CONSUMER, orderingKey: accountId, facts: {} }
}

/** Gives a new account its sample function. */
export function sampleFunctionConsumer({
  delivery,
  functions,
}: Pick<OperatorDeps, 'delivery' | 'functions'>): OutboxConsumer<object> {
  return {
    name: CONSUMER,
    workers: 'functions',
    facts: z.object({}),
    async handle(row) {
      if (!(await deploySampleFunction(functions, row.accountId))) {
        throw new ParleyError('function_deploying', 'The sample function is being deployed')
      }
      await delivery.end(row)
    },
  }
}
