import { effect, type Signal, signal } from '@preact/signals';

const KEPT = 'gati-studio-theme';
const systemIsDark = matchMedia('(prefers-color-scheme: dark)');
const wanted = localStorage.getItem(KEPT);

/** As the system has it, until somebody asks for the other one. */
export const theme: Signal<'light' | 'dark'> = signal(
  wanted === 'light' || wanted === 'dark' ? wanted : systemTheme(),
);

effect(() => {
  document.documentElement.dataset.theme = theme.value;
});

systemIsDark.addEventListener('change', () => {
  if (localStorage.getItem(KEPT) === null) theme.value = systemTheme();
});

export function toggleTheme(): void {
  theme.value = theme.value === 'dark' ? 'light' : 'dark';
  localStorage.setItem(KEPT, theme.value);
}

function systemTheme(): 'light' | 'dark' {
  return systemIsDark.matches ? 'dark' : 'light';
}
