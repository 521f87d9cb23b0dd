import process from 'node:process'
import type { TrialCase } from './trial/case.ts'
import { CASES } from './trial/cases.ts'
import { openScratch, type Scratch } from './trial/scratch.ts'

const MAX_ERRORS_SHOWN = 3

// Adds each kind of thing to a copy of this repository, file by file, as a newcomer would:
// prints which errors of the compiler lead from file to file, and proves that the new thing works. The numbers of files
// stand in CONTRIBUTING.md.
using scratch = openScratch()
const chosen = CASES.filter(({ name }) =>
  process.argv.slice(2).every((word) => name.includes(word)),
)
for (const trial of chosen) play(scratch, trial)
for (const { name, steps } of chosen) print(`${String(steps.length).padStart(2)} files  ${name}`)

function play(copy: Scratch, { name, steps, tests, check }: TrialCase): void {
  print(`\n${name}`)
  for (const [at, step] of steps.entries()) {
    copy.apply(step)
    const lines = step.create?.split('\n').length ?? step.insert?.length ?? 0
    print(
      `  ${at + 1}. ${step.create === undefined ? 'edit' : 'new '} ${step.file} (${lines} lines)`,
    )
    const errors = copy.typeErrors()
    for (const error of errors.slice(0, MAX_ERRORS_SHOWN)) print(`       ${error}`)
    if (errors.length > MAX_ERRORS_SHOWN)
      print(`       and ${errors.length - MAX_ERRORS_SHOWN} more`)
    if (at === steps.length - 1 && errors.length > 0) throw new Error(`${name}: types do not fit`)
  }
  copy.write(check.file, check.text)
  const errors = copy.typeErrors()
  if (errors.length > 0) throw new Error(`${name}: its test does not fit\n${errors.join('\n')}`)
  const failures = copy.failures([...tests, check.file])
  if (failures !== undefined) throw new Error(`${name}: does not work\n${failures}`)
  print('     works')
  copy.restore()
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
