import { fdatasyncSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { answerOrders } from '../answer-orders.ts'
import { pace } from '../load/pace.ts'
import type { DiskResult } from '../disk.ts'
import { summarize } from '../load/summary.ts'

/** As PostgreSQL writes its log: into a file that has its size already. */
const FILE_BYTES = 16_777_216
const PIECE = Buffer.alloc(8192)
const PER_SECOND = 200

const folder = mkdtempSync(join(tmpdir(), 'parley-disk-'))
const file = openSync(join(folder, 'log'), 'w')
writeSync(file, Buffer.alloc(FILE_BYTES))
fsyncSync(file)

answerOrders(
  async ({ seconds }: { seconds: number }): Promise<DiskResult> => {
    const latencies: number[] = []
    await pace({ seconds, perSecond: PER_SECOND }, (index) => {
      const at = (index * PIECE.length) % FILE_BYTES
      const startedAt = performance.now()
      writeSync(file, PIECE, 0, PIECE.length, at)
      fdatasyncSync(file)
      latencies.push(performance.now() - startedAt)
    })
    return { ...summarize(latencies), worstMs: Math.max(...latencies) }
  },
  async () => rmSync(folder, { recursive: true, force: true }),
)
