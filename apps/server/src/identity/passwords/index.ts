export { type Passwords, openPasswords } from './open.ts'
