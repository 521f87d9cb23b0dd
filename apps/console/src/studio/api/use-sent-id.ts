import { newId } from '@parley/client/socket'
import { useRef } from 'react'

/** The id of what is made by a request: the same one for the same words again, since only the first answer may have been lost. */
export function useSentId(): (body: object) => string {
  const sent = useRef({ text: '', id: '' })
  return (body) => {
    const text = JSON.stringify(body)
    if (sent.current.text !== text) sent.current = { text, id: newUuid() }
    return sent.current.id
  }
}

/** `crypto.randomUUID` is not there in pages that come by HTTP from another machine. */
function newUuid(): string {
  const hex = newId()
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
  ]
  return [...parts, hex.slice(20)].join('-')
}
