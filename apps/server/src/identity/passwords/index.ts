export { type HashCost } from './hash-thread.ts'
export { type Passwords, openPasswords } from './open.ts'
