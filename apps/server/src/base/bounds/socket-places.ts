import type { Duplex } from 'node:stream'
import { PassingMap } from '#base/kernel'
import type { Places } from './places.ts'

/** Places that sockets take and have until they are closed. */
export interface SocketPlaces {
  /** Whether there was a place. */
  take(owner: string, socket: Duplex): boolean
}

/** One listener for all sockets: a closure for each would be a megabyte for a few thousand of them. */
export function openSocketPlaces(places: Places): SocketPlaces {
  // Bounded by the limit of `places`.
  const held = new PassingMap<Duplex, Disposable>()

  function leave(this: Duplex): void {
    held.get(this)?.[Symbol.dispose]()
    held.delete(this)
  }

  return {
    take(owner, socket) {
      const place = places.take(owner)
      if (!place) return false
      // It may be closed already: then there is no `close` to come.
      if (socket.destroyed) place[Symbol.dispose]()
      else {
        held.set(socket, place)
        socket.on('close', leave)
      }
      return true
    },
  }
}
