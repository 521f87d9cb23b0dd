import type { Ids } from '#base/kernel'

const MOODS = [
  'brave',
  'calm',
  'clever',
  'eager',
  'gentle',
  'jolly',
  'keen',
  'lucid',
  'merry',
  'nifty',
  'proud',
  'quiet',
  'stoic',
  'swift',
  'witty',
  'zesty',
]
const PEOPLE = [
  'bohr',
  'curie',
  'darwin',
  'euler',
  'franklin',
  'galileo',
  'goodall',
  'hopper',
  'hypatia',
  'kepler',
  'lovelace',
  'meitner',
  'newton',
  'noether',
  'pasteur',
  'turing',
]

/** A name that is easy to say, such as `stoic_hopper6`. */
export function deploymentName(ids: Ids): string {
  const [mood = 0, person = 0, digit = 0] = Buffer.from(ids.token(3), 'base64url')
  return `${MOODS[mood % MOODS.length]}_${PEOPLE[person % PEOPLE.length]}${digit % 10}`
}
