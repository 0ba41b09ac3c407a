// Rows that wait on this device, in IndexedDB, keyed by person so that nobody meets another person's rows.
// "unsent" holds what the server has not confirmed; "kept" mirrors what it has, for a page read without a connection.
const NAME = "ips-ratings";
const SHARED = "ips-shared-computer";

export function isShared() {
  try { return localStorage.getItem(SHARED) === "yes"; } catch { return true; }
}
export function setShared(yes) {
  if (yes) localStorage.setItem(SHARED, "yes");
  else localStorage.removeItem(SHARED);
}

function open() {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(NAME, 1);
    opening.onupgradeneeded = () => {
      for (const name of ["unsent", "kept"]) opening.result.createObjectStore(name, { keyPath: ["person", "review", "item"] });
    };
    opening.onsuccess = () => {
      opening.result.onversionchange = () => opening.result.close();
      resolve(opening.result);
    };
    opening.onerror = () => reject(opening.error);
  });
}

// Runs `work(store)` in one transaction and resolves with its request's result once the transaction is complete.
async function within(name, mode, work) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(name, mode);
      const request = work(transaction.objectStore(name));
      transaction.oncomplete = () => resolve(request?.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

export const put = (name, row) => within(name, "readwrite", (store) => store.put(row));

/** All rows of one person, or of one person's one review. */
export function rows(name, person, review = null) {
  const range = review ? IDBKeyRange.bound([person, review], [person, review, []]) : IDBKeyRange.bound([person], [person, []]);
  return within(name, "readonly", (store) => store.getAll(range));
}

/** Deletes the row unless it was replaced by a later one meanwhile. */
export function removeUnchanged(name, row) {
  const key = [row.person, row.review, row.item];
  return within(name, "readwrite", (store) => {
    const reading = store.get(key);
    reading.onsuccess = () => { if (reading.result?.at === row.at) store.delete(key); };
    return reading;
  });
}

export async function forgetReview(person, review) {
  const range = IDBKeyRange.bound([person, review], [person, review, []]);
  await within("unsent", "readwrite", (store) => store.delete(range));
  await within("kept", "readwrite", (store) => store.delete(range));
}

/** How many rows of this person wait, without creating a database on a device that never rated. */
export async function countUnsent(person) {
  if (isShared() || !("indexedDB" in window)) return [];
  if (indexedDB.databases && !(await indexedDB.databases()).some((each) => each.name === NAME)) return [];
  return rows("unsent", person);
}
