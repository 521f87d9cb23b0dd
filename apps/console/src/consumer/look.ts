import type { PageSettings } from './page-settings.ts'

export const LIGHT_PAPER = '#ffffff'
export const DARK_PAPER = '#14181d'
export const READABLE = 4.5

/** Puts the account's colours into the styles of the window. */
export function applyLook(host: HTMLElement, { look }: Pick<PageSettings, 'look'>): void {
  const { accent, accentDark, scheme } = look
  host.style.colorScheme = scheme === 'auto' ? 'light dark' : scheme
  const colours = {
    '--accent': lightDark(accent, accentDark),
    '--on-accent': lightDark(lettersOn(accent), lettersOn(accentDark)),
    '--accent-text': lightDark(
      readable(accent, LIGHT_PAPER, '#1b1f24'),
      readable(accentDark, DARK_PAPER, '#eef1f5'),
    ),
  }
  for (const [name, value] of Object.entries(colours)) host.style.setProperty(name, value)
}

function lightDark(light: string, dark: string): string {
  return `light-dark(${light}, ${dark})`
}

/** Black or white, whichever can be read better. */
export function lettersOn(colour: string): string {
  return contrast(colour, '#ffffff') >= contrast(colour, '#000000') ? '#ffffff' : '#000000'
}

function readable(colour: string, paper: string, otherwise: string): string {
  return contrast(colour, paper) >= READABLE ? colour : otherwise
}

/** Of two colours, from 1 to 21: WCAG 2.2, contrast ratio. */
export function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a)
  return (light + 0.05) / (dark + 0.05)
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
