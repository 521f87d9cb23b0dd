import { sql } from 'kysely'

/** A consumer, with the conversations that it has left by stepping up. */
export interface SoughtConsumer {
  consumerId: string
  left: readonly string[]
}

/** Of a row of `conversation`: whether it is one of the consumer's. Both parts have an index. */
export function isOf({ consumerId, left }: SoughtConsumer) {
  return sql<boolean>`(consumer_id = ${consumerId} or conversation_id = any(${left}))`
}
