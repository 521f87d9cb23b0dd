import { sql } from 'kysely'
import { likesContaining } from '#base/kit'

/** The kind of documents that hold what consumers say of themselves. */
export const PROFILE = 'profile'

/** A consumer, with the conversations that it has left by stepping up. */
export interface SoughtConsumer {
  consumerId: string
  left: readonly string[]
}

/** Of a row of `conversation`: whether it is one of the consumer's. Both parts have an index. */
export function isOf({ consumerId, left }: SoughtConsumer) {
  return sql<boolean>`(consumer_id = ${consumerId} or conversation_id = any(${left}))`
}

/** The name that a profile says: an expression on a row of `document`. */
export const NAME_OF_PROFILE = sql<string>`concat_ws(' ', nullif(state->>'firstName', ''), nullif(state->>'lastName', ''))`

/** Of a row of `conversation`: whether the name of its consumer contains this. `offset 0` has each consumer's own profile read. */
export function isNamed(name: string) {
  return sql<boolean>`exists (
    select from document
      where account_id = conversation.account_id and kind = ${PROFILE} and id = conversation.consumer_id
        and ${NAME_OF_PROFILE} ilike any(${likesContaining(name)})
      offset 0)`
}
