export { type Hashing, type Passwords, openPasswords } from './open.ts'
