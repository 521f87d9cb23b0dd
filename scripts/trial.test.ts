import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CASES } from './trial/cases.ts'
import { edited, textOf } from './trial/scratch.ts'

const root = join(import.meta.dirname, '..')
const steps = CASES.flatMap((trial) => trial.steps.map((step) => ({ trial: trial.name, step })))

test.each(steps)('$trial: the edit of $step.file still fits', ({ step }) => {
  expect(() => edited(step, textOf(join(root, step.file)))).not.toThrow()
})
