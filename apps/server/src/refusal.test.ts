import { expect, test } from 'vitest'
import { refusalOf } from './refusal.ts'

test('a file of another user is refused with whose it must be, however deep the cause', () => {
  const forbidden = Object.assign(new Error("EACCES: permission denied, mkdir '/data/sandbox/1'"), {
    code: 'EACCES',
    path: '/data/sandbox/1',
  })
  const wrapped = new Error('Cannot start: the secrets key cannot be read', { cause: forbidden })
  const hint = 'it must belong to the user who starts Parley, as all that is in the data directory'

  expect(refusalOf(forbidden)).toBe(`Cannot start: ${forbidden.message}; ${hint}`)
  expect(refusalOf(wrapped)).toBe(`${wrapped.message}; ${hint}`)
})

test('what the machine has too little of is refused with what to do', () => {
  expect(refusalOf(new Error('The disk of the database is full'))).toBe(
    'Cannot start: The disk of the database is full; make room on it, some hundred MB, and start again: what was stored is there',
  )
  expect(refusalOf(new Error('Cannot start: listen EMFILE: too many open files'))).toBe(
    'Cannot start: listen EMFILE: too many open files; let this process open more files (LimitNOFILE of the service, ulimit -n)',
  )
})

test('a port that is closed to this user has no such hint', () => {
  const cause = Object.assign(new Error('listen EACCES'), { code: 'EACCES' })

  expect(refusalOf(new Error('Cannot start: take another port', { cause }))).toBe(
    'Cannot start: take another port',
  )
})
