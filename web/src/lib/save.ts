// A file from the server into the browser's downloads. By script, since a plain link carries no token.

/** How long the address stays; the download reads it after this task, and a minute is ample. */
const KEPT_MS = 60_000;

export function save(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS);
}

/** The name in a `Content-Disposition` header, or another one. */
export function fileName(disposition: string | null, otherwise: string): string {
  return /filename="([^"/\\]+)"/.exec(disposition ?? '')?.[1] ?? otherwise;
}
