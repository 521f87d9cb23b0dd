import { streamChats, UPDATE_TOPICS, UpdateTopic } from '@parley/contract'
import type { Principal } from '#base/http'
import { lacking } from '#base/kernel'

/**
 * The topics of a stream: those that are wanted, or all that the caller may read.
 * @throws ParleyError `forbidden` for a wanted one whose list the caller may not read
 */
export function topicsFor(
  { permissions }: Pick<Principal, 'permissions'>,
  wanted?: readonly UpdateTopic[],
): UpdateTopic[] {
  const mayRead = (topic: UpdateTopic) => permissions.has(UPDATE_TOPICS[topic])
  if (!wanted) return UpdateTopic.options.filter(mayRead)
  const refused = wanted.find((topic) => !mayRead(topic))
  if (refused === undefined) return [...new Set(wanted)]
  throw lacking('permission', UPDATE_TOPICS[refused], ` for the topic "${refused}"`)
}

/** @throws ParleyError `forbidden` for a caller who may read no live chats */
export function requireChats({ permissions }: Pick<Principal, 'permissions'>): void {
  const { auth } = streamChats
  if (permissions.has(auth)) return
  throw lacking('permission', auth, ' for `chats`')
}
