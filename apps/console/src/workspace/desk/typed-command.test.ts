import { expect, test } from 'vitest'
import { argumentsOf, typedCommand } from './typed-command.ts'

const command = (name: string, hint = '') => ({
  kind: 'command' as const,
  name,
  hint,
  description: '',
})
const COMMANDS = [
  command('send_mail', 'email, subject:optional'),
  command('mail'),
  command('refund'),
]
const names = (text: string) => typedCommand(text, COMMANDS)?.found.map(({ name }) => name)

test('a slash lists commands, the name narrows them, those that begin with it first', () => {
  expect(names('hello /mail')).toBeUndefined()
  expect(names('/')).toEqual(['send_mail', 'mail', 'refund'])
  expect(names('/ma')).toEqual(['mail', 'send_mail'])
  expect(names('/MAIL')).toEqual(['mail', 'send_mail'])
  expect(names('/nothing')).toEqual([])
  expect(typedCommand('/mail', [])).toBeUndefined()
})

test('what follows the name is kept as it was typed, lines and quotes too', () => {
  const typed = typedCommand('/send_mail ada@example.org "Your parcel"\nsoon', COMMANDS)
  expect(typed).toMatchObject({ rest: 'ada@example.org "Your parcel"\nsoon' })
  expect(typed?.exact?.name).toBe('send_mail')
  expect(typedCommand('/sendmail x', COMMANDS)?.exact).toBeUndefined()
})

test('the hint marks the argument that is typed now', () => {
  const current = (rest: string) =>
    argumentsOf(COMMANDS[0]!, rest).find(({ isCurrent }) => isCurrent)?.name
  expect(current('')).toBe('email')
  expect(current('ada@exam')).toBe('email')
  expect(current('ada@example.org ')).toBe('subject')
  expect(current('"ada at home ')).toBe('email')
  expect(current('a "b c" d')).toBeUndefined()
  expect(argumentsOf(COMMANDS[0]!).map(({ isOptional }) => isOptional)).toEqual([false, true])
})
