import { addEnglish } from "..";
import editor from "../locales/en/editor_late.json";

addEnglish("editor", editor);
