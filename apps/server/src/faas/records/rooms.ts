/** Of what is kept to be used again. */
const MAX_KEPT_BYTES = 8_388_608

/**
 * Memory outside of the heap that is used again. What lives for as long as a write takes is old to the collector, so that only a full
 * collection would free it, and its size is a reason for one.
 */
export interface Rooms {
  /** At least so large. What was written there before still is. */
  take(bytes: number): Buffer
  giveBack(room: Buffer): void
}

export function openRooms(): Rooms {
  /** By their size, which is a power of two. */
  const free = new Map<number, Buffer[]>()
  let keptBytes = 0
  return {
    take(bytes) {
      const size = 2 ** Math.ceil(Math.log2(bytes))
      const room = free.get(size)?.pop()
      if (!room) return Buffer.allocUnsafeSlow(size)
      keptBytes -= size
      return room
    },
    giveBack(room) {
      if (keptBytes + room.length > MAX_KEPT_BYTES) return
      keptBytes += room.length
      const others = free.get(room.length)
      if (others) others.push(room)
      else free.set(room.length, [room])
    },
  }
}
