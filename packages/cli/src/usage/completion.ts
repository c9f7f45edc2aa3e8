export const completion = {
  name: 'completion',
  summary: 'print what makes a shell complete commands and options',
  about: ['Prints a script that makes the shell complete the commands of behalf and their options.'],
  words: [
    {
      name: 'bash|zsh|fish',
      text: 'the shell: bash, zsh or fish',
      required: true,
      offered: ['bash', 'zsh', 'fish'],
    },
  ],
  options: {},
  examples: [
    'behalf completion bash >> ~/.bashrc',
    'behalf completion zsh > ~/.zfunc/_behalf',
    'behalf completion fish > ~/.config/fish/completions/behalf.fish',
  ],
} as const
