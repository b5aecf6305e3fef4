import { addEnglish } from "..";
import tables from "../locales/en/tables.json";

addEnglish("tables", tables);
