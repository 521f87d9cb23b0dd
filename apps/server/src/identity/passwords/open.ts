import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { Base } from '#base/store'
import { hashQueue, type HashRequest } from './hash-queue.ts'
import { type HashCost, type HashThread, hashThread } from './hash-thread.ts'

const COST = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 }
const FORMAT = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)$/

export type Passwords = ReturnType<typeof openPasswords>

/** How a password is checked, and for whom. */
export type CheckOptions = Pick<HashRequest, 'urgency' | 'from' | 'begin'>

/** How passwords are hashed: at which cost, and where. */
export interface Hashing {
  cost: HashCost
  thread: HashThread
}

/** Passwords as Argon2id hashes, made in a thread of their own unless a test says otherwise. */
export function openPasswords({ monotonic }: Pick<Base, 'monotonic'>, given?: Hashing) {
  const { cost, thread } = given ?? { cost: COST, thread: hashThread({ monotonic }) }
  const queue = hashQueue(thread)

  /** Argon2id in the usual notation. It names its cost, so hashes of an older cost stay valid. */
  async function hash(password: string): Promise<string> {
    const nonce = randomBytes(16)
    const order = { password, nonce, cost }
    const key = await queue.derive({ urgency: 'trusted', from: '', order })
    const { memory, passes, parallelism } = cost
    return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(nonce)}$${base64(key)}`
  }

  return {
    hash,
    /** Hashes each different password once: a hash is slow by design. */
    async hashEach(passwords: readonly string[]): Promise<Map<string, string>> {
      const hashes = new Map<string, string>()
      for (const password of new Set(passwords)) hashes.set(password, await hash(password))
      return hashes
    },
    /**
     * Takes as long for a user without a password as for any other: the time does not show which users exist.
     * @throws ParleyError `rate_limited` when too many wait already, and what `begin` throws
     */
    async isCorrect(
      password: string,
      kept: string | null | undefined,
      options: CheckOptions,
    ): Promise<boolean> {
      const [, memory, passes, parallelism, nonce, key] = FORMAT.exec(kept ?? '') ?? []
      if (nonce === undefined || key === undefined) {
        await queue.derive({ ...options, order: { password, nonce: randomBytes(16), cost } })
        return false
      }
      const expected = Buffer.from(key, 'base64')
      const itsCost = {
        memory: Number(memory),
        passes: Number(passes),
        parallelism: Number(parallelism),
        tagLength: expected.length,
      }
      const order = { password, nonce: Buffer.from(nonce, 'base64'), cost: itsCost }
      return timingSafeEqual(await queue.derive({ ...options, order }), expected)
    },
    [Symbol.asyncDispose]: () => thread[Symbol.asyncDispose](),
  }
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replaceAll('=', '')
}
