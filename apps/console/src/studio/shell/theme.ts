import { storage } from '../../storage.ts'

export const THEMES = ['system', 'light', 'dark', 'contrast'] as const
export type Theme = (typeof THEMES)[number]
const KEY = 'parley.theme'

/** The look that the user has chosen. */
export function theme(): Theme {
  const kept = storage.read(KEY)
  return THEMES.find((name) => name === kept) ?? 'system'
}

export function choose(next: Theme): void {
  storage.keep(KEY, next)
  followTheme()
}

/** Wanted here, or of the whole system. */
export function wantsContrast(): boolean {
  return theme() === 'contrast' || matchMedia('(prefers-contrast: more)').matches
}

export function isDark(): boolean {
  const chosen = theme()
  return (
    chosen === 'dark' ||
    ((chosen === 'system' || chosen === 'contrast') &&
      matchMedia('(prefers-color-scheme: dark)').matches)
  )
}

/** Puts the look on the page. */
export function followTheme(): void {
  const chosen = theme()
  const { documentElement: page } = document
  page.style.colorScheme = chosen === 'light' || chosen === 'dark' ? chosen : 'light dark'
  page.classList.toggle('contrast', chosen === 'contrast')
  dispatchEvent(new Event('parley-theme'))
}
