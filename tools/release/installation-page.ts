/** A page that installs the tarballs of a folder in another project: three lines. */
export function installationPage(folder: string): string {
  return `# Behalf, from tarballs

In an empty folder, with Node 22.18 or later:

\`\`\`sh
npm install ${folder}/*.tgz
npx behalf init --yes && npm install
npm test
\`\`\`

Then \`npm run dev\`. A project that is there already needs the first line only.
`
}
