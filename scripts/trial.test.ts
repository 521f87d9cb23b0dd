import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CASES } from './trial/cases.ts'
import { edited, openScratch, textOf } from './trial/scratch.ts'

const root = join(import.meta.dirname, '..')
const steps = CASES.flatMap((trial) => trial.steps.map((step) => ({ trial: trial.name, step })))

test.each(steps)('$trial: the edit of $step.file still fits', ({ step }) => {
  expect(() => edited(step, textOf(join(root, step.file)))).not.toThrow()
})

test('with all things of the trial at once, and their checks, types fit', () => {
  using scratch = openScratch()
  for (const [at, { steps: added, check }] of CASES.entries()) {
    for (const step of added) scratch.apply(step)
    scratch.write(check.file.replace('trial.test', `trial-${at}.test`), check.text)
  }

  expect(scratch.typeErrors()).toEqual([])
})
