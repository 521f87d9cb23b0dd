import type { Chat, ConsumerProfile } from '@parley/contract'
import { useEffect, useState } from 'react'
import type { Desk } from '../desk/desk.ts'
import { words } from '../../studio/words/index.ts'

/** What is known of a consumer, once it is read. */
export function useConsumer(
  desk: Desk,
  consumerId: string,
  isOpen: boolean,
): ConsumerProfile | undefined {
  const [profile, setProfile] = useState<ConsumerProfile>()
  useEffect(() => {
    if (!isOpen || consumerId === '') return undefined
    let isWanted = true
    desk.profile(consumerId).then(
      (read) => isWanted && setProfile(read),
      // It stays without a name, and is read again when the connection is back.
      () => undefined,
    )
    return () => {
      isWanted = false
    }
  }, [desk, consumerId, isOpen])
  return profile
}

export function nameOf(profile: ConsumerProfile | undefined, consumerId: string): string {
  const name = [profile?.firstName, profile?.lastName].filter(Boolean).join(' ')
  return name === '' ? words.common.visitor(consumerId) : name
}

/** The consumer's name: in a live chat it is the one that was given there. */
export function useName(
  desk: Desk,
  { chat, consumerId }: { chat?: Chat; consumerId: string },
  isOpen: boolean,
): string {
  const profile = useConsumer(desk, consumerId, isOpen)
  return chat ? chat.consumer.name : nameOf(profile, consumerId)
}
